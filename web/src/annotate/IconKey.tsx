/** A button that shows an icon and, on hover, what it does and by which key. */
import { ActionIcon, Tooltip } from "@mantine/core";
import { memo, useCallback, useLayoutEffect, useRef } from "react";
import type { ComponentType } from "react";

import { nameOfAction } from "./actions";
import type { ActionId } from "./actions";
import { actionById } from "./allActions";
import css from "./annotate.module.css";
import { useKeymap } from "./keymap/remembered";

export interface IconKeyProps {
  readonly icon: ComponentType<{ size?: number; stroke?: number }>;
  /** What the button does, if it is an action of the table: it gives the words and the key. */
  readonly action?: ActionId;
  /** The words where they are others than those of the action. */
  readonly label?: string;
  /** A key that is no action of its own. */
  readonly shortcut?: string;
  readonly active?: boolean;
  readonly disabled?: boolean;
  readonly side?: "right" | "bottom" | "top";
  readonly small?: boolean;
  /** Words beside the icon, where there is room for them; the first of those that a screen reader hears. */
  readonly word?: string;
  /** One of very many: with the hint of the browser, which costs nothing until it is shown. */
  readonly plain?: boolean;
  /** Whether the dialog that it opens is open. */
  readonly expanded?: boolean;
  readonly onClick: () => void;
}

const wordsOf = (action: ActionId | undefined): string => {
  const found = action === undefined ? undefined : actionById.get(action);
  return found ? nameOfAction(found) : "";
};

/** What a screen reader hears: a switch that is on or off, or a dialog that is open or not. */
const statesOf = (active: boolean | undefined, expanded: boolean | undefined) =>
  expanded === undefined
    ? { "aria-pressed": active }
    : { "aria-haspopup": "dialog" as const, "aria-expanded": expanded };

/** Who speaks to the page says what is written on the button, word for word. */
function named(label: string, word: string | undefined) {
  if (word === undefined) return { "aria-label": label };
  const isSaid = ` ${label} `.toLowerCase().includes(` ${word} `.toLowerCase());
  return { "aria-label": isSaid ? label : `${word}: ${label}`, className: css.worded ?? "" };
}

/** A button with its hint costs a millisecond and a rail has many: only those that look different are drawn again. */
export function IconKey({ onClick, ...look }: IconKeyProps) {
  const newest = useRef(onClick);
  useLayoutEffect(() => {
    newest.current = onClick;
  });
  const click = useCallback(() => newest.current(), []);
  return <Face {...look} onClick={click} />;
}

const Face = memo(function Face({
  icon: Icon,
  action,
  label = wordsOf(action),
  shortcut: fixed = "",
  active,
  disabled,
  side = "bottom",
  small,
  word,
  plain,
  expanded,
  onClick,
}: IconKeyProps) {
  const keymap = useKeymap();
  const shortcut = action === undefined ? fixed : keymap.keyOf(action);
  const hint = shortcut === "" ? label : `${label}  (${shortcut})`;
  const button = (
    <ActionIcon
      variant={active === true ? "filled" : "subtle"}
      color={active === true ? "ink" : "gray"}
      size={small === true ? "md" : "lg"}
      {...named(label, word)}
      title={plain === true ? hint : undefined}
      aria-keyshortcuts={shortcut === "" ? undefined : shortcut.replaceAll("Ctrl", "Control")}
      {...statesOf(active, expanded)}
      disabled={disabled ?? false}
      onClick={onClick}
    >
      <Icon size={small === true ? 16 : 20} stroke={1.5} />
      <span className={css.word}>{word}</span>
    </ActionIcon>
  );
  if (plain === true) return button;
  return (
    <Tooltip label={hint} position={side} disabled={expanded === true}>
      {button}
    </Tooltip>
  );
});
