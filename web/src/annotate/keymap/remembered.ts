/** The keys of this browser: kept in its storage, followed by every tab that is open. */
import { useSyncExternalStore } from "react";

import { actionById } from "../actions";
import { Keymap, START } from "./keymap";
import type { Choice } from "./keymap";
import { PRESETS } from "./presets";
import type { Bindings, PresetName } from "./presets";

const STORED = "boxwright.editor.keys";

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === "object" && value !== null;
const isKeys = (value: unknown): value is readonly string[] =>
  Array.isArray(value) && value.every((key) => typeof key === "string" && key !== "");
const isPreset = (value: unknown): value is PresetName => PRESETS.some((name) => name === value);

function bindingsOf(stored: unknown): Bindings {
  if (!isObject(stored)) return {};
  return Object.fromEntries(
    Object.entries(stored).flatMap(([id, keys]) => (actionById.has(id) && isKeys(keys) ? [[id, keys]] : [])),
  );
}

/** What was stored, as far as it means something to this version. */
export function choiceOf(stored: string | null): Choice {
  try {
    const found: unknown = JSON.parse(stored ?? "null");
    if (!isObject(found) || !isPreset(found["preset"])) return START;
    const { own } = found;
    if (!isObject(own)) return { preset: found["preset"], own: {} };
    return { preset: found["preset"], own: Object.fromEntries(PRESETS.map((name) => [name, bindingsOf(own[name])])) };
  } catch {
    return START;
  }
}

let current: Keymap | null = null;
const listeners = new Set<() => void>();

export const keymap = (): Keymap => (current ??= new Keymap(choiceOf(localStorage.getItem(STORED))));

function become(next: Keymap | null): void {
  current = next;
  for (const listener of [...listeners]) listener();
}

export function remember(choice: Choice): void {
  localStorage.setItem(STORED, JSON.stringify(choice));
  become(new Keymap(choice));
}

window.addEventListener("storage", ({ key }) => {
  if (key === STORED || key === null) become(null);
});

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** The keys just now; a component is drawn again when they change. */
export const useKeymap = (): Keymap => useSyncExternalStore(subscribe, keymap);
