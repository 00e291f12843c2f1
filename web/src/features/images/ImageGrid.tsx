import { useElementSize, useMergedRef } from "@mantine/hooks";
import { useCallback, useLayoutEffect, useRef, useState, type KeyboardEvent, type ReactNode } from "react";
import type { Image } from "../../api/types";
import { images as words } from "../../strings/images";
import { work } from "../../strings/work";
import { ImageTile, type Modifiers } from "./ImageTile";
import type { Listing } from "./listing";
import { NOTHING, type Selection } from "./selection";
import { useMarking, type Select } from "./useMarking";
import { useRows } from "./useRows";
import css from "./images.module.css";

interface Props {
  listing: Listing;
  /** Names of those whom images are assigned to; null where they are not. */
  people: ReadonlyMap<string, string> | null;
  /** Names the list, so that its place is found again when one comes back to it. */
  place: string;
  /** A word on some images, by their id. */
  notes?: ReadonlyMap<string, string> | undefined;
  selection: Selection;
  onSelect: Select;
  /** A plain click or Enter; where undefined they select. */
  onOpen: ((image: Image) => void) | undefined;
  /** The key S on an image. */
  onSimilar?: ((image: Image) => void) | undefined;
  onDelete: () => void;
  /** What stands below the last row. */
  foot?: ReactNode;
}

const GAP = 8;

/** The library as a grid of which only the visible rows exist; works with mouse, touch and keyboard. */
export function ImageGrid(props: Props) {
  const { listing, people, place, notes, selection, onSelect, onOpen, foot } = props;
  const { length } = listing;
  const { ref: sizer, width } = useElementSize();
  const [focused, setFocus] = useState(0);
  const columns = columnsFor(width);
  const height = Math.round(((width - GAP * (columns - 1)) / columns) * 0.78) + 28;
  const { scroll, name, body, rows, visible, laid, toRow, perView } = useRows({
    place,
    items: length,
    perRow: columns,
    height: width === 0 ? 0 : height + GAP,
    covered: false,
    onSee: listing.see,
  });
  const measured = useMergedRef(sizer, body);
  const { check, reach, all } = useMarking(listing, selection, onSelect);
  const selecting = selection.ids.size > 0;
  const focus = Math.min(focused, Math.max(0, length - 1));
  const pickNow = (index: number, modifiers: Modifiers) => {
    const image = listing.at(index);
    if (image === undefined) return;
    setFocus(index);
    if (modifiers.shift || modifiers.toggle || selecting || onOpen === undefined) check(index, modifiers.shift);
    else onOpen(image);
  };
  const picking = useRef(pickNow);
  useLayoutEffect(() => {
    picking.current = pickNow;
  });
  // One function for all times: a tile is drawn anew only where it changes itself.
  const pick = useCallback((index: number, modifiers: Modifiers) => picking.current(index, modifiers), []);
  const checkOne = useCallback(
    (index: number, shift: boolean) => {
      setFocus(index);
      check(index, shift);
    },
    [check],
  );
  const moveFocus = (index: number, shift: boolean) => {
    const target = Math.max(0, Math.min(length - 1, index));
    setFocus(target);
    if (shift) reach(target, focus);
    toRow(Math.floor(target / columns));
    // The row may only exist after the scroll.
    window.requestAnimationFrame(() =>
      scroll.current?.querySelector<HTMLElement>(`[data-index="${target}"]`)?.focus({ preventScroll: true }),
    );
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const step = STEPS[event.key]?.(columns, perView());
    if (step !== undefined) moveFocus(focus + step, event.shiftKey);
    else if (event.key === "Home") moveFocus(0, event.shiftKey);
    else if (event.key === "End") moveFocus(length - 1, event.shiftKey);
    else if (event.key === " ") checkOne(focus, event.shiftKey);
    else if (event.key === "Enter") pick(focus, { shift: false, toggle: false });
    else if (event.key === "a" && (event.ctrlKey || event.metaKey)) all();
    else if (event.key === "Escape") onSelect(() => NOTHING);
    else if (event.key === "Delete" && selecting) props.onDelete();
    else if (asksSimilar(event)) [listing.at(focus)].forEach((image) => image && props.onSimilar?.(image));
    else return;
    event.preventDefault();
  };
  // Tab reaches the grid wherever it was scrolled to.
  const [top] = visible;
  const firstInView = (top?.index ?? 0) * columns;
  const isFocusHere = focus >= firstInView && focus < firstInView + visible.length * columns;
  const current = isFocusHere ? focus : firstInView;

  return (
    <div ref={scroll} data-scroll-restoration-id={name} className={css.scroll} data-testid="library">
      <div
        ref={measured}
        role="grid"
        aria-label={words.grid}
        aria-multiselectable
        aria-rowcount={listing.more ? -1 : rows}
        className={css.grid}
        data-selecting={selecting}
        style={{ height: laid }}
        onKeyDown={onKeyDown}
      >
        {visible.map((row) => (
          <div
            key={row.index}
            role="row"
            aria-rowindex={row.index + 1}
            className={css.row}
            style={{
              height,
              transform: `translateY(${row.top}px)`,
              gridTemplateColumns: `repeat(${columns}, minmax(0, 1fr))`,
            }}
          >
            {Array.from({ length: Math.min(columns, length - row.index * columns) }, (_, column) => {
              const index = row.index * columns + column;
              const image = listing.at(index);
              return (
                <ImageTile
                  key={column}
                  image={image}
                  who={image && whoOf(image, people)}
                  aside={image && notes?.get(image.id)}
                  index={index}
                  selected={image !== undefined && selection.ids.has(image.id)}
                  current={index === current}
                  onPick={pick}
                  onCheck={checkOne}
                />
              );
            })}
          </div>
        ))}
      </div>
      {foot}
    </div>
  );
}

const asksSimilar = ({ key, ctrlKey, metaKey, altKey, shiftKey }: KeyboardEvent): boolean =>
  key === "s" && !(ctrlKey || metaKey || altKey || shiftKey);

/** Whose image it is, for the tile: null where nobody wants to know, undefined where it is nobody's. */
function whoOf({ assignee_id }: Image, people: Props["people"]): string | null | undefined {
  if (people === null) return null;
  return typeof assignee_id === "string" ? (people.get(assignee_id) ?? work.former) : undefined;
}

const STEPS: Readonly<Record<string, (columns: number, rows: number) => number>> = {
  ArrowLeft: () => -1,
  ArrowRight: () => 1,
  ArrowUp: (columns) => -columns,
  ArrowDown: (columns) => columns,
  PageUp: (columns, rows) => -rows * columns,
  PageDown: (columns, rows) => rows * columns,
};

function columnsFor(width: number): number {
  return Math.max(2, Math.floor((width + GAP) / (176 + GAP)));
}
