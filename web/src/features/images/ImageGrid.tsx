import { Loader, Center } from "@mantine/core";
import { useElementSize } from "@mantine/hooks";
import { useVirtualizer } from "@tanstack/react-virtual";
import { useCallback, useEffect, useRef, useState, type KeyboardEvent } from "react";
import type { Image } from "../../api/types";
import { images as words } from "../../strings/images";
import { work } from "../../strings/work";
import { extend, NOTHING, selectAll, toggle, type Selection } from "./selection";
import { ImageTile, type Modifiers } from "./ImageTile";
import css from "./images.module.css";

interface Props {
  images: readonly Image[];
  /** Names of those whom images are assigned to; null where they are not. */
  people: ReadonlyMap<string, string> | null;
  /** Names the list, so that its place is found again when one comes back to it. */
  place: string;
  /** A word on some images, by their id. */
  notes?: ReadonlyMap<string, string> | undefined;
  selection: Selection;
  onSelect: (change: (selection: Selection) => Selection) => void;
  /** A plain click or Enter; where undefined they select. */
  onOpen: ((image: Image) => void) | undefined;
  /** The key S on an image. */
  onSimilar?: ((image: Image) => void) | undefined;
  onDelete: () => void;
  hasMore: boolean;
  loadingMore: boolean;
  onMore: () => void;
}

const GAP = 8;
const places = new Map<string, number>();

/** The library as a grid of which only the visible rows exist; works with mouse, touch and keyboard. */
export function ImageGrid(props: Props) {
  const {
    images,
    people,
    place,
    notes,
    selection,
    onSelect,
    onOpen,
    onSimilar,
    onDelete,
    hasMore,
    loadingMore,
    onMore,
  } = props;
  const scroll = useRef<HTMLDivElement>(null);
  const { ref: sizer, width } = useElementSize();
  const [focus, setFocus] = useState(0);
  const columns = columnsFor(width);
  const height = Math.round(((width - GAP * (columns - 1)) / columns) * 0.78) + 28;
  const rows = Math.ceil(images.length / columns);
  // The virtualiser hands out functions that change under the same name; nothing here is memoised on them.
  // eslint-disable-next-line react-hooks/incompatible-library
  const virtual = useVirtualizer({
    count: width === 0 ? 0 : rows,
    getScrollElement: () => scroll.current,
    estimateSize: () => height + GAP,
    overscan: 3,
    initialOffset: () => places.get(place) ?? 0,
  });
  useEffect(() => virtual.measure(), [virtual, height]);

  const visible = virtual.getVirtualItems();
  const last = visible.at(-1)?.index ?? 0;
  useEffect(() => {
    if (hasMore && !loadingMore && rows > 0 && last >= rows - 4) onMore();
  }, [hasMore, loadingMore, last, rows, onMore]);

  const ids = useRef<readonly string[]>([]);
  useEffect(() => {
    ids.current = images.map((image) => image.id);
  }, [images]);
  const idAt = useCallback((index: number) => ids.current[index] ?? "", []);
  const check = useCallback(
    (index: number, shift: boolean) => {
      setFocus(index);
      onSelect((old) => (shift ? extend(old, idAt(index), ids.current) : toggle(old, idAt(index))));
    },
    [onSelect, idAt],
  );
  const selecting = selection.ids.size > 0;
  const pick = (index: number, modifiers: Modifiers) => {
    const image = images[index];
    if (image === undefined) return;
    if (modifiers.shift || modifiers.toggle || selecting || onOpen === undefined) check(index, modifiers.shift);
    else onOpen(image);
  };
  const moveFocus = (index: number, shift: boolean) => {
    const target = Math.max(0, Math.min(images.length - 1, index));
    setFocus(target);
    if (shift)
      onSelect((old) => extend(old.anchor === null ? toggle(old, idAt(focus)) : old, idAt(target), ids.current));
    virtual.scrollToIndex(Math.floor(target / columns));
    // The row may only exist after the scroll.
    window.requestAnimationFrame(() =>
      scroll.current?.querySelector<HTMLElement>(`[data-index="${target}"]`)?.focus({ preventScroll: true }),
    );
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const step = STEPS[event.key]?.(columns);
    if (step !== undefined) moveFocus(focus + step, event.shiftKey);
    else if (event.key === "Home") moveFocus(0, event.shiftKey);
    else if (event.key === "End") moveFocus(images.length - 1, event.shiftKey);
    else if (event.key === " ") check(focus, event.shiftKey);
    else if (event.key === "Enter") pick(focus, { shift: false, toggle: false });
    else if (event.key === "a" && (event.ctrlKey || event.metaKey)) onSelect(() => selectAll(ids.current));
    else if (event.key === "Escape") onSelect(() => NOTHING);
    else if (event.key === "Delete" && selecting) onDelete();
    else if (asksSimilar(event)) images.slice(focus, focus + 1).forEach((image) => onSimilar?.(image));
    else return;
    event.preventDefault();
  };

  return (
    <div
      ref={scroll}
      className={css.scroll}
      onScroll={(event) => places.set(place, event.currentTarget.scrollTop)}
      data-testid="library"
    >
      <div
        ref={sizer}
        role="grid"
        aria-label={words.grid}
        aria-multiselectable
        aria-rowcount={hasMore ? -1 : rows}
        className={css.grid}
        data-selecting={selecting}
        style={{ height: virtual.getTotalSize() }}
        onKeyDown={onKeyDown}
      >
        {visible.map((row) => (
          <div
            key={row.key}
            role="row"
            aria-rowindex={row.index + 1}
            className={css.row}
            style={{
              height,
              transform: `translateY(${row.start}px)`,
              gridTemplateColumns: `repeat(${columns}, minmax(0, 1fr))`,
            }}
          >
            {images.slice(row.index * columns, (row.index + 1) * columns).map((image, column) => {
              const index = row.index * columns + column;
              return (
                <ImageTile
                  key={image.id}
                  image={image}
                  who={whoOf(image, people)}
                  aside={notes?.get(image.id)}
                  index={index}
                  selected={selection.ids.has(image.id)}
                  current={index === focus}
                  onPick={pick}
                  onCheck={check}
                />
              );
            })}
          </div>
        ))}
      </div>
      {loadingMore && (
        <Center p="md">
          <Loader size="sm" role="img" aria-label={words.loadingMore} />
        </Center>
      )}
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

const STEPS: Readonly<Record<string, (columns: number) => number>> = {
  ArrowLeft: () => -1,
  ArrowRight: () => 1,
  ArrowUp: (columns) => -columns,
  ArrowDown: (columns) => columns,
  PageUp: (columns) => -4 * columns,
  PageDown: (columns) => 4 * columns,
};

function columnsFor(width: number): number {
  return Math.max(2, Math.floor((width + GAP) / (176 + GAP)));
}
