/** The keys of this browser: kept in its storage, followed by every tab that is open. */
import { useContext, useSyncExternalStore } from "react";

import { actionById } from "../allActions";
import { Keymap, START } from "./keymap";
import type { Choice } from "./keymap";
import { PRESETS } from "./presets";
import type { Bindings, PresetName } from "./presets";
import { IMAGES, ScopeContext } from "./scope";
import type { Scope } from "./scope";

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

/** One keymap for each scope; what a person has chosen is the same for all. */
const current = new Map<Scope, Keymap>();
const listeners = new Set<() => void>();

export function keymap(scope: Scope = IMAGES): Keymap {
  const known = current.get(scope);
  if (known) return known;
  const made = new Keymap(choiceOf(localStorage.getItem(STORED)), scope);
  current.set(scope, made);
  return made;
}

function changed(): void {
  current.clear();
  for (const listener of [...listeners]) listener();
}

export function remember(choice: Choice): void {
  localStorage.setItem(STORED, JSON.stringify(choice));
  changed();
}

window.addEventListener("storage", ({ key }) => {
  if (key === STORED || key === null) changed();
});

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** The keys just now of the editor that is around; a component is drawn again when they change. */
export function useKeymap(): Keymap {
  const scope = useContext(ScopeContext);
  return useSyncExternalStore(subscribe, () => keymap(scope));
}
