/** A setting of the editor that the browser remembers. */
import { useState } from "react";

function read<T>(key: string, start: T): T {
  try {
    const stored: unknown = JSON.parse(localStorage.getItem(key) ?? "null");
    return typeof stored === typeof start ? (stored as T) : start;
  } catch {
    return start;
  }
}

export function useRemembered<T extends boolean | number | string>(key: string, start: T): [T, (value: T) => void] {
  const [value, setValue] = useState(() => read(key, start));
  const remember = (next: T): void => {
    localStorage.setItem(key, JSON.stringify(next));
    setValue(next);
  };
  return [value, remember];
}
