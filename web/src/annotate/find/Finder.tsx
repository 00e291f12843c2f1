/** A field and a list under it that follows what is typed: for thousands of names, with the keyboard alone. */
import { TextInput } from "@mantine/core";
import { IconSearch } from "@tabler/icons-react";
import { useVirtualizer } from "@tanstack/react-virtual";
import { useId, useRef, useState } from "react";
import type { KeyboardEvent } from "react";

import css from "./find.module.css";

export interface Option {
  readonly id: string;
  readonly label: string;
  /** What kind of thing it is, or the key that does the same. */
  readonly aside?: string;
  readonly color?: string | undefined;
}

interface Props {
  readonly label: string;
  readonly options: readonly Option[];
  readonly wanted: string;
  readonly onWanted: (wanted: string) => void;
  readonly onChoose: (option: Option) => void;
  readonly nothing: string;
  /** Digits choose among the first nine while nothing is typed. */
  readonly digits?: boolean;
}

const ROW = 32;

export function Finder({ label, options, wanted, onWanted, onChoose, nothing, digits = false }: Props) {
  const listId = useId();
  const scroller = useRef<HTMLDivElement>(null);
  const [marked, setMarked] = useState(0);
  // eslint-disable-next-line react-hooks/incompatible-library -- nothing here is memoised on the virtualiser's functions
  const rows = useVirtualizer({
    count: options.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW,
    overscan: 8,
    getItemKey: (index) => options[index]?.id ?? index,
  });
  const withDigits = digits && wanted === "";
  const mark = (index: number): void => {
    const next = Math.max(0, Math.min(index, options.length - 1));
    setMarked(next);
    rows.scrollToIndex(next);
  };
  const press = (event: KeyboardEvent): void => {
    const step = STEPS[event.key];
    const digit = withDigits && /^[1-9]$/.test(event.key) ? options[Number(event.key) - 1] : undefined;
    const chosen = event.key === "Enter" ? options[marked] : digit;
    if (step === undefined && !chosen) return;
    event.preventDefault();
    if (step !== undefined) mark(marked + step);
    else if (chosen) onChoose(chosen);
  };
  return (
    <>
      <TextInput
        data-autofocus
        autoFocus
        leftSection={<IconSearch size={16} stroke={1.5} />}
        role="combobox"
        aria-expanded
        aria-autocomplete="list"
        aria-controls={listId}
        aria-activedescendant={options[marked] ? `${listId}-${marked}` : undefined}
        aria-label={label}
        placeholder={label}
        value={wanted}
        maxLength={200}
        onChange={(event) => {
          onWanted(event.currentTarget.value);
          setMarked(0);
          rows.scrollToIndex(0);
        }}
        onKeyDown={press}
      />
      <p className={css.nothing} role="status" hidden={options.length > 0}>
        {options.length === 0 ? nothing : ""}
      </p>
      <div ref={scroller} className={css.scroller} tabIndex={0}>
        <div
          id={listId}
          role="listbox"
          aria-label={label}
          style={{ position: "relative", height: rows.getTotalSize() }}
        >
          {rows.getVirtualItems().map(({ index, key, start }) => {
            const option = options[index];
            if (!option) return null;
            const aside = withDigits && index < 9 ? String(index + 1) : option.aside;
            return (
              <div
                key={key}
                id={`${listId}-${index}`}
                role="option"
                aria-selected={index === marked}
                aria-setsize={options.length}
                aria-posinset={index + 1}
                className={css.option}
                data-marked={index === marked}
                style={{ transform: `translateY(${start}px)` }}
                onPointerMove={() => setMarked(index)}
                onClick={() => onChoose(option)}
              >
                {option.color !== undefined && (
                  <span className={css.swatch} style={{ background: option.color }} aria-hidden />
                )}
                <span className={css.label}>{option.label}</span>
                {aside !== undefined && aside !== "" && <span className={css.aside}>{aside}</span>}
              </div>
            );
          })}
        </div>
      </div>
    </>
  );
}

const STEPS: Readonly<Record<string, number>> = { ArrowDown: 1, ArrowUp: -1, PageDown: 8, PageUp: -8 };
