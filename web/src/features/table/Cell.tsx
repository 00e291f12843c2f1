import { UnstyledButton } from "@mantine/core";
import { useState, type KeyboardEvent } from "react";
import type { Image } from "../../api/types";
import { table as text } from "../../strings/table";
import { useMetadata } from "../metadata/useMetadata";
import css from "./table.module.css";

interface Props {
  projectId: string;
  image: Image;
  name: string;
  /** Row and column. */
  place: string;
  mayWrite: boolean;
}

const at = (place: string): HTMLElement | null => document.querySelector(`[data-cell="${place}"]`);

/** The cell above, below, or beside. */
function neighbour(place: string, rows: number, columns: number): HTMLElement | null {
  const [row = 0, column = 0] = place.split("-").map(Number);
  return at(`${row + rows}-${column + columns}`);
}

const STEPS: Readonly<Record<string, readonly [number, number]>> = {
  ArrowUp: [-1, 0],
  ArrowDown: [1, 0],
  ArrowLeft: [0, -1],
  ArrowRight: [0, 1],
};

/** One field of one image. A click, Enter or F2 opens it; Enter saves and goes down, Tab saves, Esc leaves it as it was. */
export function Cell({ projectId, image, name, place, mayWrite }: Props) {
  const saving = useMetadata(projectId, [image]);
  const [draft, setDraft] = useState<string | null>(null);
  const stored = image.metadata?.[name] ?? "";
  const value = saving.isPending ? (saving.variables[name] ?? stored) : stored;
  const save = (): void => {
    if (draft !== null && draft !== value) saving.mutate({ [name]: draft });
    setDraft(null);
  };
  if (draft === null) {
    const move = (event: KeyboardEvent): void => {
      const step = STEPS[event.key];
      if (step !== undefined) neighbour(place, ...step)?.focus();
      else if (event.key === "F2" && mayWrite) setDraft(value);
      else return;
      event.preventDefault();
    };
    return (
      <UnstyledButton
        className={css.value ?? ""}
        data-cell={place}
        aria-label={text.cell(name, image.name, value)}
        title={value}
        onClick={() => {
          if (mayWrite) setDraft(value);
        }}
        onKeyDown={move}
      >
        {value}
      </UnstyledButton>
    );
  }
  return (
    <textarea
      className={css.input}
      aria-label={text.writing(name, image.name)}
      autoFocus
      rows={1}
      maxLength={10_000}
      value={draft}
      onChange={({ currentTarget }) => setDraft(currentTarget.value)}
      onFocus={({ currentTarget }) => currentTarget.select()}
      onBlur={save}
      onKeyDown={(event) => {
        if (event.key === "Escape") {
          setDraft(null);
          requestAnimationFrame(() => at(place)?.focus());
        } else if (event.key === "Enter" && !event.shiftKey) {
          save();
          requestAnimationFrame(() => (neighbour(place, 1, 0) ?? at(place))?.focus());
        } else return;
        event.preventDefault();
        event.stopPropagation();
      }}
    />
  );
}
