import { Center, Loader } from "@mantine/core";
import { useElementSize } from "@mantine/hooks";
import { useVirtualizer } from "@tanstack/react-virtual";
import { useEffect, useRef, type ReactNode } from "react";
import { common } from "../strings/common";

interface Props<T> {
  items: readonly T[];
  label: string;
  /** Least width of a cell in pixels. */
  least: number;
  /** Height of a cell as a function of its width. */
  height: (width: number) => number;
  keyOf: (item: T) => string;
  render: (item: T, width: number) => ReactNode;
  hasMore: boolean;
  loadingMore: boolean;
  onMore: () => void;
}

const GAP = 8;

/** A grid that scrolls with the page's main area and holds only the rows in sight. */
export function VirtualGrid<T>(props: Props<T>) {
  const { items, label, least, height, keyOf, render, hasMore, loadingMore, onMore } = props;
  const { ref, width } = useElementSize<HTMLUListElement>();
  const top = useRef(0);
  const columns = Math.max(1, Math.floor((width + GAP) / (least + GAP)));
  const cell = (width - GAP * (columns - 1)) / columns;
  const rowHeight = Math.round(height(cell));
  const rows = Math.ceil(items.length / columns);
  // eslint-disable-next-line react-hooks/incompatible-library -- nothing here is memoised on the virtualiser's functions
  const virtual = useVirtualizer({
    count: width === 0 ? 0 : rows,
    getScrollElement: () => document.getElementById("main"),
    estimateSize: () => rowHeight + GAP,
    overscan: 3,
    // It scrolls there when it appears: a grid further down must leave the page where it is.
    initialOffset: () => document.getElementById("main")?.scrollTop ?? 0,
    scrollMargin: top.current,
  });
  useEffect(() => virtual.measure(), [virtual, rowHeight]);
  const visible = virtual.getVirtualItems();
  const last = visible.at(-1)?.index ?? 0;
  useEffect(() => {
    if (hasMore && !loadingMore && rows > 0 && last >= rows - 4) onMore();
  }, [hasMore, loadingMore, last, rows, onMore]);
  return (
    <>
      <ul
        ref={(element) => {
          ref(element);
          top.current = element?.offsetTop ?? 0;
        }}
        aria-label={label}
        style={{ position: "relative", height: virtual.getTotalSize(), margin: 0, padding: 0, listStyle: "none" }}
      >
        {visible.flatMap((row) =>
          items.slice(row.index * columns, (row.index + 1) * columns).map((item, column) => (
            <li
              key={keyOf(item)}
              style={{
                position: "absolute",
                top: row.start - virtual.options.scrollMargin,
                left: column * (cell + GAP),
                width: cell,
                height: rowHeight,
              }}
            >
              {render(item, cell)}
            </li>
          )),
        )}
      </ul>
      {loadingMore && (
        <Center p="md">
          <Loader size="sm" role="img" aria-label={common.loading} />
        </Center>
      )}
    </>
  );
}
