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

/** The Latin letter or the digit that is printed on a key of a Latin keyboard. */
const CODE = /^(?:Key([A-Z])|Digit([0-9]))$/;
const LATIN = /^[ -~]$/;

type FullPress = Press & Pick<KeyboardEvent, "code">;

/**
 * The names by which a press may be known, first the character itself. Keyboards that write other letters (Cyrillic,
 * Greek), and those that write digits only with Shift (French), are known by the place of the key as well.
 */
export function namesOf(press: FullPress): readonly string[] {
  const name = nameOf(press);
  const [, letter, digit] = CODE.exec(press.code) ?? [];
  const printed = letter ?? digit;
  if (printed === undefined || press.key.length !== 1) return [name];
  const isForeign = !LATIN.test(press.key) || (digit !== undefined && !press.shiftKey && !/\d/.test(press.key));
  return isForeign ? [name, nameOf({ ...held(press), key: printed })] : [name];
}

const held = ({ ctrlKey, metaKey, altKey, shiftKey }: Press) => ({ ctrlKey, metaKey, altKey, shiftKey });

/** Keys that a browser keeps for itself whatever a page wants. */
const OF_THE_BROWSER = new Set(["Ctrl+N", "Ctrl+T", "Ctrl+W", "Ctrl+Shift+N", "Ctrl+Shift+T", "Ctrl+Shift+W", "F11"]);

export const isOfTheBrowser = (key: string): boolean => OF_THE_BROWSER.has(key);

/** How a key is shown to people. */
const SHOWN: Readonly<Record<string, string>> = {
  Escape: "Esc",
  Delete: "Del",
  ArrowLeft: "←",
  ArrowRight: "→",
  ArrowUp: "↑",
  ArrowDown: "↓",
  PageUp: "Page Up",
  PageDown: "Page Down",
};

export const shownKey = (name: string): string => name.replace(/[A-Za-z]+$/, (last) => SHOWN[last] ?? last);

const TYPING = "input:not([type=checkbox]):not([type=radio]), textarea, select, [contenteditable=true]";

/** Whether keys belong to what has the focus: a text field, a list that is open, a dialog. */
export const isTyping = (target: EventTarget | null): boolean =>
  target instanceof Element &&
  target.closest(`${TYPING}, [role=dialog], [role=listbox], [role=menu], [role=slider]`) !== null;

/** Whether Space and Enter belong to what has the focus. */
export const isPressable = (target: EventTarget | null): boolean =>
  target instanceof Element && target.closest("button, a[href], [role=button], input") !== null;
