/** Which rows of a list of equal rows are in view, and where the list stands. */

/** A place in a list, whatever the width: the image at the top of the view, and how much of its row is above it. */
export interface Anchor {
  readonly item: number;
  readonly part: number;
}

export interface Range {
  /** The first row, and the one behind the last. */
  readonly from: number;
  readonly to: number;
}

/** Rows in view and so many more on both sides. */
export function rowsAt(offset: number, view: number, height: number, rows: number, more: number): Range {
  if (height <= 0 || rows <= 0) return { from: 0, to: 0 };
  const first = Math.floor(offset / height) - more;
  const last = Math.ceil((offset + view) / height) + more;
  return { from: Math.max(0, Math.min(first, rows - 1)), to: Math.min(rows, Math.max(last, 1)) };
}

export function anchorAt(offset: number, height: number, perRow: number): Anchor {
  const row = Math.max(0, offset / height);
  return { item: Math.floor(row) * perRow, part: row - Math.floor(row) };
}

/** How far down the list an anchor is. */
export const offsetOf = ({ item, part }: Anchor, height: number, perRow: number): number =>
  (Math.floor(item / perRow) + part) * height;

/** How far to scroll so that a row is in view and nothing hides it; undefined where it is. */
export function into(row: number, height: number, offset: number, view: number, hidden: number): number | undefined {
  const top = row * height;
  if (top - hidden < offset) return top - hidden;
  if (top + height > offset + view) return top + height - view;
  return undefined;
}
