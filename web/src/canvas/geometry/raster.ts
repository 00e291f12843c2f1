/** Masks by columns: read from runs, painted on, combined, and written as runs again. */
import { at } from "../at";
import { eachRun, maskBounds, runEnds } from "./mask";
import { minus, NONE, union, withoutSpan, withSpan } from "./spans";
import type { Spans } from "./spans";
import type { Bounds, Mask, Point, Size } from "./types";

/** Pixels that can be read column by column. */
export interface Columns extends Size {
  /** No pixel outside is set. */
  readonly bounds: Bounds;
  column(x: number): Spans;
}

/** One column of a mask, without unpacking the others. */
export function columnOf(mask: Mask, x: number): Spans {
  const { height } = mask;
  const stops = runEnds(mask);
  const [top, bottom] = [x * height, (x + 1) * height];
  let [low, high] = [0, stops.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (at(stops, middle) > top) high = middle;
    else low = middle + 1;
  }
  const result: number[] = [];
  for (let i = low % 2 === 1 ? low : low + 1; i < stops.length; i += 2) {
    const start = Math.max(at(stops, i - 1), top);
    const end = Math.min(at(stops, i), bottom);
    if (start >= bottom) break;
    if (end > start) result.push(start - top, end - top);
  }
  return result;
}

export const columnsOf = (mask: Mask): Columns => ({
  width: mask.width,
  height: mask.height,
  bounds: maskBounds(mask),
  column: (x) => columnOf(mask, x),
});

/** The mask with these columns; null where no pixel is set. */
export function maskOf({ width, height }: Size, column: (x: number) => Spans): Mask | null {
  const counts: number[] = [];
  let last = 0;
  for (let x = 0; x < width; x++) {
    const spans = column(x);
    for (let i = 0; i < spans.length; i += 2) {
      const [start, end] = [x * height + at(spans, i), x * height + at(spans, i + 1)];
      // What ends at the bottom of a column and begins at the top of the next is one run.
      if (start === last && counts.length > 0) counts.push((counts.pop() ?? 0) + end - start);
      else counts.push(start - last, end - start);
      last = end;
    }
  }
  if (counts.length === 0) return null;
  if (last < width * height) counts.push(width * height - last);
  return { type: "mask", width, height, counts };
}

/** The rows between which two columns differ; null where they are equal. */
function differingRows(a: Spans, b: Spans): [number, number] | null {
  const length = Math.max(a.length, b.length);
  let first = 0;
  while (first < length && a[first] === b[first]) first++;
  if (first === length) return null;
  let end = 1;
  while (a.at(-end) === b.at(-end)) end++;
  return [
    Math.min(a[first] ?? Infinity, b[first] ?? Infinity),
    Math.max(a.at(-end) ?? -Infinity, b.at(-end) ?? -Infinity),
  ];
}

/** The part of the picture in which two masks of one size differ; null where they are equal. */
export function differenceBounds(a: Mask, b: Mask): Bounds | null {
  const [p, q] = [maskBounds(a), maskBounds(b)];
  let bounds: Bounds | null = null;
  for (let x = Math.min(p[0], q[0]); x < Math.max(p[2], q[2]); x++) {
    const rows = differingRows(columnOf(a, x), columnOf(b, x));
    if (rows) bounds = hull(bounds, [x, rows[0], x + 1, rows[1]]);
  }
  return bounds;
}

export function joined(masks: readonly Mask[]): Mask | null {
  const [first] = masks;
  return first ? maskOf(first, (x) => masks.map((mask) => columnOf(mask, x)).reduce(union)) : null;
}

/** What is in `mask` and in none of the others. */
export const subtracted = (mask: Mask, others: readonly Mask[]): Mask | null =>
  maskOf(mask, (x) => others.reduce((left, other) => minus(left, columnOf(other, x)), columnOf(mask, x)));

/** The two sides of a mask that a line (taken beyond its ends) cuts, by the centres of pixels; null where one is empty. */
export function cutMask(mask: Mask, [ax, ay]: Point, [bx, by]: Point): [Mask, Mask] | null {
  const { height } = mask;
  /** The rows of a column on the right of the line. */
  const right = (x: number): Spans => {
    const along = x + 0.5 - ax;
    if (bx === ax) return along * (by - ay) < 0 ? [0, height] : NONE;
    const row = Math.min(Math.max(Math.ceil(ay + (along / (bx - ax)) * (by - ay) - 0.5), 0), height);
    return bx > ax ? [row, height] : [0, row];
  };
  const [left, rest] = [
    maskOf(mask, (x) => minus(columnOf(mask, x), right(x))),
    maskOf(mask, (x) => minus(columnOf(mask, x), minus([0, height], right(x)))),
  ];
  return left && rest ? [left, rest] : null;
}

/** The rows of a line as thick as twice `radius` whose pixel centres lie in it, in the column with centre `x`. */
function thickColumn([ax, ay]: Point, [bx, by]: Point, radius: number, x: number): [number, number] {
  let [low, high] = [Infinity, -Infinity];
  const cover = (y: number, half: number): void => {
    low = Math.min(low, y - half);
    high = Math.max(high, y + half);
  };
  if (Math.abs(x - ax) <= radius) cover(ay, Math.sqrt(radius * radius - (x - ax) ** 2));
  if (Math.abs(x - bx) <= radius) cover(by, Math.sqrt(radius * radius - (x - bx) ** 2));
  const length = Math.hypot(bx - ax, by - ay);
  if (length > 0) {
    const [nx, ny] = [(-(by - ay) / length) * radius, ((bx - ax) / length) * radius];
    const corners: Point[] = [[ax + nx, ay + ny], [bx + nx, by + ny], [bx - nx, by - ny], [ax - nx, ay - ny]]; // prettier-ignore
    corners.forEach(([px, py], i) => {
      const [qx, qy] = at(corners, (i + 1) % corners.length);
      if (px > x !== qx > x) cover(py + ((x - px) / (qx - px)) * (qy - py), 0);
    });
  }
  return [Math.ceil(low - 0.5), Math.floor(high - 0.5) + 1];
}

/** A mask under a brush: only the columns that were touched are unpacked. */
export class Raster implements Columns {
  readonly width: number;
  readonly height: number;
  readonly #base: Mask | null;
  readonly #columns = new Map<number, Spans>();
  #bounds: Bounds | null;
  #touched: Bounds | null = null;

  constructor({ width, height }: Size, base: Mask | null = null) {
    [this.width, this.height, this.#base] = [width, height, base];
    this.#bounds = base && maskBounds(base);
  }

  get bounds(): Bounds {
    return this.#bounds ?? [0, 0, 0, 0];
  }

  /** Everything that was painted over. */
  get touched(): Bounds | null {
    return this.#touched;
  }

  column(x: number): Spans {
    return this.#columns.get(x) ?? (this.#base ? columnOf(this.#base, x) : NONE);
  }

  /** Paints or wipes a round line from `a` to `b`; returns the pixels that may have changed. */
  stroke(a: Point, b: Point, radius: number, wipes: boolean): Bounds | null {
    const x0 = Math.max(0, Math.ceil(Math.min(a[0], b[0]) - radius - 0.5));
    const x1 = Math.min(this.width, Math.floor(Math.max(a[0], b[0]) + radius - 0.5) + 1);
    const change = wipes ? withoutSpan : withSpan;
    let [y0, y1] = [Infinity, -Infinity];
    for (let x = x0; x < x1; x++) {
      const [low, high] = thickColumn(a, b, radius, x + 0.5);
      const [from, to] = [Math.max(0, low), Math.min(this.height, high)];
      if (to <= from) continue;
      this.#columns.set(x, change(this.column(x), from, to));
      [y0, y1] = [Math.min(y0, from), Math.max(y1, to)];
    }
    if (y1 <= y0) return null;
    const dirty: Bounds = [x0, y0, x1, y1];
    this.#bounds = hull(this.#bounds, dirty);
    this.#touched = hull(this.#touched, dirty);
    return dirty;
  }

  toMask(): Mask | null {
    return maskOf(this, (x) => this.column(x));
  }
}

function hull(a: Bounds | null, b: Bounds): Bounds {
  return a ? [Math.min(a[0], b[0]), Math.min(a[1], b[1]), Math.max(a[2], b[2]), Math.max(a[3], b[3])] : b;
}

/** Whether two masks have the same pixels. */
export function sameMask(a: Mask, b: Mask): boolean {
  const runs: number[] = [];
  eachRun(a, (start, end) => runs.push(start, end));
  let i = 0;
  let equal = a.width === b.width && a.height === b.height;
  eachRun(b, (start, end) => {
    equal &&= runs[i] === start && runs[i + 1] === end;
    i += 2;
  });
  return equal && i === runs.length;
}
