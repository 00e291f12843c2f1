/** Listens to the keyboard while the editor is on show. */
import { useContext, useEffect, useRef } from "react";

import type { Desk } from "./actions";
import { actionById } from "./allActions";
import { keymap } from "./keymap/remembered";
import { ScopeContext } from "./keymap/scope";
import type { Scope } from "./keymap/scope";
import { isPressable, isTyping, namesOf } from "./keys";

/** Marks the element whose focus gives Tab to the objects. */
export const CANVAS_ATTRIBUTE = "data-annotation-canvas";

/** Gives the keys back to the picture once a field has done its work. */
export function focusCanvas(): void {
  document
    .querySelector<HTMLElement>(`[${CANVAS_ATTRIBUTE}]`)
    ?.focus({ preventScroll: true, focusVisible: false } as FocusOptions);
}

const onCanvas = (target: EventTarget | null): boolean =>
  target === document.body || (target instanceof Element && target.closest(`[${CANVAS_ATTRIBUTE}]`) !== null);

/** Tab goes on to the rest of the page where the picture has not the focus; Enter presses what has it. */
const belongsToFocus = (key: string, target: EventTarget | null): boolean =>
  (key.endsWith("Tab") && !onCanvas(target)) || (key.endsWith("Enter") && isPressable(target));

function press(event: KeyboardEvent, scope: Scope, desk: Desk, chooseClass: (key: string) => boolean): void {
  if (event.defaultPrevented || isTyping(event.target)) return;
  if (event.key === " " && isPressable(event.target)) return;
  if (event.key === " " && scope.spacePans) {
    desk.editor.holdPan(true);
    event.preventDefault();
    return;
  }
  const names = namesOf(event);
  if (names.some((name) => belongsToFocus(name, event.target))) return;
  // A key whose action has nothing to do just now may still belong to a class.
  if (names.some((name) => run(name, scope, desk) || chooseClass(name))) event.preventDefault();
}

function run(key: string, scope: Scope, desk: Desk): boolean {
  const id = keymap(scope).idFor(key);
  const action = id === undefined ? undefined : actionById.get(id);
  return action !== undefined && action.run(desk) !== false;
}

/** `chooseClass` answers whether the key belongs to a class. The newest `desk` is the one that is used. */
export function useShortcuts(desk: Desk, chooseClass: (key: string) => boolean): void {
  const scope = useContext(ScopeContext);
  const latest = useRef({ desk, chooseClass });
  useEffect(() => {
    latest.current = { desk, chooseClass };
  });
  const { editor } = desk;
  useEffect(() => {
    const down = (event: KeyboardEvent): void => press(event, scope, latest.current.desk, latest.current.chooseClass);
    const up = (event: KeyboardEvent): void => {
      if (event.key === " ") editor.holdPan(false);
    };
    const away = (): void => editor.holdPan(false);
    window.addEventListener("keydown", down);
    window.addEventListener("keyup", up);
    window.addEventListener("blur", away);
    return () => {
      window.removeEventListener("keydown", down);
      window.removeEventListener("keyup", up);
      window.removeEventListener("blur", away);
    };
  }, [editor, scope]);
}
