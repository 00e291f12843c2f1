/** Keys by name, the way the help sheet prints them: "Ctrl+Shift+Z", "ArrowLeft", "n". */

const MODIFIERS = new Set(["Control", "Shift", "Alt", "Meta"]);

type Press = Pick<KeyboardEvent, "key" | "ctrlKey" | "metaKey" | "altKey" | "shiftKey">;

const isLetter = (key: string): boolean => key.length === 1 && key.toLowerCase() !== key.toUpperCase();

/** The name of a key press; Cmd counts as Ctrl. Shift is named only where it does not choose the character itself. */
export function nameOf({ key, ctrlKey, metaKey, altKey, shiftKey }: Press): string {
  if (MODIFIERS.has(key)) return "";
  const names = [
    [ctrlKey || metaKey, "Ctrl"],
    [altKey, "Alt"],
    [shiftKey && (isLetter(key) || key.length > 1), "Shift"],
    [true, key === " " ? "Space" : isLetter(key) ? key.toUpperCase() : key],
  ] as const;
  return names.flatMap(([held, name]) => (held ? [name] : [])).join("+");
}

const TYPING = "input:not([type=checkbox]):not([type=radio]), textarea, select, [contenteditable=true]";

/** Whether keys belong to what has the focus: a text field, a list that is open, a dialog. */
export const isTyping = (target: EventTarget | null): boolean =>
  target instanceof Element &&
  target.closest(`${TYPING}, [role=dialog], [role=listbox], [role=menu], [role=slider]`) !== null;

/** Whether Space and Enter belong to what has the focus. */
export const isPressable = (target: EventTarget | null): boolean =>
  target instanceof Element && target.closest("button, a[href], [role=button], input") !== null;
