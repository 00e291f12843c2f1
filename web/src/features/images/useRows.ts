import { useCallback, useEffect, useLayoutEffect, useRef, useState, type RefObject } from "react";
import { flushSync } from "react-dom";
import { anchorAt, into, offsetOf, rowsAt, type Anchor, type Range } from "./rows";
import { laidOut, Tall } from "./tall";

export interface Look {
  /** Names the list, so that its place is found again when one comes back to it. */
  readonly place: string;
  /** How many items the list has. */
  readonly items: number;
  readonly perRow: number;
  /** Of a row in pixels; 0 while it is not known. */
  readonly height: number;
  /** Whether what stands above the rows stays there, and hides those that scroll below it. */
  readonly covered: boolean;
  /** Items that are, or are about to be, in view. */
  readonly onSee: (from: number, to: number) => void;
}

interface View extends Range {
  readonly shift: number;
}

const REST_MS = 150;
/** Pixels above and below the view in which rows are there already. */
const MORE = 600;
const places = new Map<string, Anchor>();
let lists = 0;

/** The item at the top of a list when it was last seen. */
export const placed = (place: string): number => places.get(place)?.item ?? 0;

/** A list of equal rows of which only those in view exist; however many there are, it has a place for each. */
export function useRows(look: Look) {
  const { items, perRow, height } = look;
  const scroll = useRef<HTMLDivElement>(null);
  const body = useRef<HTMLDivElement>(null);
  const [view, setView] = useState<View>({ from: 0, to: 0, shift: 0 });
  const now = useRef(look);
  useLayoutEffect(() => {
    now.current = look;
  });
  const [tall] = useState(() => new Tall());
  // The router puts what scrolls to where its namesake stood, in pixels; here the image at the top counts.
  const [name] = useState(() => `rows ${performance.timeOrigin} ${lists++}`);
  const shown = useRef<Range>(view);
  const update = useCallback(
    (isResting: boolean) => {
      shown.current = show(scroll.current, body.current, tall, now.current, shown.current, isResting, setView);
    },
    [tall],
  );
  useScrolling(scroll, tall, now, update);
  const shape = useRef("");
  const settle = useCallback(() => {
    shape.current = keepPlace(scroll.current, body.current, tall, now.current, shape.current);
    update(true);
  }, [tall, update]);
  // After what React does at the moment, and before anything is painted.
  useLayoutEffect(() => queueMicrotask(settle), [items, perRow, height, settle]);
  useResizing(scroll, settle);
  const toRow = useCallback(
    (row: number) => {
      const box = scroll.current;
      if (box === null || body.current === null) return;
      const { covered, height } = now.current;
      const head = body.current.offsetTop;
      const goal = into(row, height, box.scrollTop + tall.shift - head, box.clientHeight, covered ? head : 0);
      if (goal === undefined) return;
      box.scrollTop = tall.place(goal + head, box);
      update(false);
    },
    [tall, update],
  );
  const rows = height > 0 ? Math.ceil(items / perRow) : 0;
  const to = Math.min(view.to, rows);
  const visible = Array.from({ length: Math.max(0, to - view.from) }, (_, n) => ({
    index: view.from + n,
    top: (view.from + n) * height - view.shift,
  }));
  /** How many rows a page up or down is. */
  const perView = () => Math.max(1, Math.floor((scroll.current?.clientHeight ?? 0) / Math.max(1, height)));
  return { scroll, name, body, rows, visible, laid: laidOut(rows * height), toRow, perView };
}

/** Put the rows in view on the page, in the very frame in which they come into view. */
function show(
  box: HTMLElement | null,
  body: HTMLElement | null,
  tall: Tall,
  look: Look,
  former: Range,
  isResting: boolean,
  setView: (next: (old: View) => View) => void,
): Range {
  const { place, items, perRow, height, onSee } = look;
  if (box === null || body === null || height <= 0) return former;
  const { offset, to } = tall.moved(box);
  if (to !== undefined) box.scrollTop = to;
  const above = offset - body.offsetTop;
  places.set(place, anchorAt(above, height, perRow));
  const rowsAround = (more: number) => rowsAt(above, box.clientHeight, height, Math.ceil(items / perRow), more);
  // Far away what is in view comes first, and the rows beside it once one stays there.
  const inView = rowsAround(0);
  const isFar = !isResting && (inView.from >= former.to || inView.to <= former.from);
  const range = isFar ? inView : rowsAround(Math.ceil(MORE / height));
  const next = { ...range, shift: tall.shift };
  flushSync(() => {
    setView((old) => (old.from === next.from && old.to === next.to && old.shift === next.shift ? old : next));
    onSee(range.from * perRow, Math.min(items, range.to * perRow));
  });
  return range;
}

type Held<T> = RefObject<T>;

function useScrolling(
  scroll: Held<HTMLElement | null>,
  tall: Tall,
  now: Held<Look>,
  update: (isResting: boolean) => void,
): void {
  useEffect(() => {
    const box = scroll.current;
    if (box === null) return undefined;
    let resting = 0;
    const rest = () => {
      if (now.current.height <= 0) return;
      const top = tall.rest(box);
      if (Math.abs(top - box.scrollTop) >= 1) box.scrollTop = top;
      update(true);
    };
    const onScroll = () => {
      update(false);
      window.clearTimeout(resting);
      resting = window.setTimeout(rest, REST_MS);
    };
    box.addEventListener("scroll", onScroll, { passive: true });
    return () => {
      window.clearTimeout(resting);
      box.removeEventListener("scroll", onScroll);
    };
  }, [scroll, tall, now, update]);
}

/** Where the rows change their size or number, what was at the top of the view stays there. Returns their shape. */
function keepPlace(box: HTMLElement | null, body: HTMLElement | null, tall: Tall, look: Look, former: string): string {
  const { place, items, perRow, height } = look;
  if (box === null || body === null || height <= 0) return former;
  tall.fit(Math.ceil(items / perRow) * height);
  const shape = `${height} ${perRow}`;
  const anchor = places.get(place);
  if (anchor !== undefined && (shape !== former || tall.isTall)) {
    const isTop = anchor.item === 0 && anchor.part === 0;
    box.scrollTop = tall.place(isTop ? 0 : body.offsetTop + offsetOf(anchor, height, perRow), box);
  }
  return shape;
}

function useResizing(scroll: Held<HTMLElement | null>, onResize: () => void): void {
  useEffect(() => {
    if (scroll.current === null) return undefined;
    const watching = new ResizeObserver(onResize);
    watching.observe(scroll.current);
    return () => watching.disconnect();
  }, [scroll, onResize]);
}
