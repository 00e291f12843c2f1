import { useEffect, useRef, useState } from "react";
import { fromDrop, type Picked } from "../lib/files";

/** Take files dropped anywhere on the page; tells whether some hover over it. Off while `enabled` is false. */
export function useFileDrop(onFiles: (files: Picked[]) => void, enabled = true): boolean {
  const [over, setOver] = useState(false);
  const latest = useRef(onFiles);
  useEffect(() => {
    latest.current = onFiles;
  });
  useEffect(() => {
    if (!enabled) return undefined;
    return listen(setOver, (files) => latest.current(files));
  }, [enabled]);
  return over && enabled;
}

function listen(setOver: (over: boolean) => void, onFiles: (files: Picked[]) => void): () => void {
  // Enter and leave fire for every element under the pointer; only their balance tells.
  let depth = 0;
  const enter = (event: DragEvent) => {
    if (!carriesFiles(event)) return;
    depth += 1;
    setOver(true);
  };
  const leave = (event: DragEvent) => {
    if (!carriesFiles(event)) return;
    depth = Math.max(0, depth - 1);
    if (depth === 0) setOver(false);
  };
  const hover = (event: DragEvent) => {
    if (carriesFiles(event)) event.preventDefault();
  };
  const drop = (event: DragEvent) => {
    if (!carriesFiles(event) || event.dataTransfer === null) return;
    event.preventDefault();
    depth = 0;
    setOver(false);
    void fromDrop(event.dataTransfer).then(onFiles);
  };
  const pairs = [
    ["dragenter", enter],
    ["dragleave", leave],
    ["dragover", hover],
    ["drop", drop],
  ] as const;
  for (const [name, handler] of pairs) document.addEventListener(name, handler);
  return () => {
    for (const [name, handler] of pairs) document.removeEventListener(name, handler);
  };
}

function carriesFiles(event: DragEvent): boolean {
  return event.dataTransfer?.types.includes("Files") ?? false;
}
