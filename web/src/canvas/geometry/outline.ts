/** From polygons to pixels and back, as `boxwright.domain.raster` and `boxwright.domain.outlines` do it. */
import { at, next } from "../at";
import { maskBounds } from "./mask";
import { columnOf, maskOf } from "./raster";
import { inRings } from "./shape";
import { inverted, minus, NONE, withSpan } from "./spans";
import type { Spans } from "./spans";
import type { Mask, Point, Polygon, Size } from "./types";

type Ring = readonly Point[];

/** The pixels whose centre is inside by the even-odd rule; null where there is none in the picture. */
export function pixelsOf(rings: readonly Ring[], { width, height }: Size): Mask | null {
  const crossings = new Map<number, number[]>();
  for (const ring of rings) {
    ring.forEach(([ax, ay], i) => {
      const [bx, by] = next(ring, i);
      const first = Math.max(0, Math.ceil(Math.min(ax, bx) - 0.5));
      // Half-open, so that a line through a corner is crossed once.
      const end = Math.min(width, Math.ceil(Math.max(ax, bx) - 0.5));
      for (let x = first; x < end; x++) {
        const y = ay + ((x + 0.5 - ax) / (bx - ax)) * (by - ay);
        const known = crossings.get(x);
        if (known) known.push(y);
        else crossings.set(x, [y]);
      }
    });
  }
  return maskOf({ width, height }, (x) => {
    const rows = (crossings.get(x) ?? []).sort((a, b) => a - b);
    let spans = NONE;
    for (let i = 0; i + 1 < rows.length; i += 2) {
      const row = (y: number): number => Math.min(Math.max(Math.ceil(y - 0.5), 0), height);
      spans = withSpan(spans, row(at(rows, i)), row(at(rows, i + 1)));
    }
    return spans;
  });
}

/** The upright edges of pixels by the corner where they begin, and where the level ones lead. */
class Edges {
  readonly #height: number;
  readonly #upright = new Map<number, number[]>();
  /** The corners of each row. */
  readonly #corners = new Map<number, number[]>();
  readonly #level = new Map<number, number[]>();

  constructor(height: number) {
    this.#height = height;
  }

  /** Upright edges at `x`: down where only the left side is set, up where only the right one is. */
  add(x: number, left: Spans, right: Spans): void {
    const [down, up] = [minus(left, right), minus(right, left)];
    for (let i = 0; i < down.length; i += 2) this.#edge(x, at(down, i), at(down, i + 1));
    for (let i = 0; i < up.length; i += 2) this.#edge(x, at(up, i + 1), at(up, i));
  }

  /** Takes the rings out, one after the other. */
  rings(): Point[][] {
    for (const [y, xs] of this.#corners) {
      xs.sort((a, b) => a - b);
      for (let i = 0; i + 1 < xs.length; i += 2) {
        this.#link(at(xs, i), at(xs, i + 1), y);
        this.#link(at(xs, i + 1), at(xs, i), y);
      }
    }
    const rings: Point[][] = [];
    for (const [start, ends] of this.#upright) while (ends.length > 0) rings.push(this.#walk(start));
    return rings;
  }

  #edge(x: number, from: number, to: number): void {
    push(this.#upright, this.#key(x, from), to);
    push(this.#corners, from, x);
    push(this.#corners, to, x);
  }

  #link(from: number, to: number, y: number): void {
    push(this.#level, this.#key(from, y), to);
  }

  #key(x: number, y: number): number {
    return x * (this.#height + 1) + y;
  }

  /** Where pixels touch at a corner only it turns right: each keeps a ring of its own. */
  #walk(start: number): Point[] {
    const ring: Point[] = [];
    let x = Math.floor(start / (this.#height + 1));
    let y = start % (this.#height + 1);
    let heading = 0;
    do {
      const ends = this.#upright.get(this.#key(x, y)) ?? [];
      const to = take(ends, heading === 0 ? 0 : heading > 0 ? Infinity : -Infinity);
      ring.push([x, y], [x, to]);
      const goesDown = to > y;
      y = to;
      const across = take(this.#level.get(this.#key(x, y)) ?? [], goesDown ? -Infinity : Infinity);
      heading = across - x;
      x = across;
    } while (this.#key(x, y) !== start);
    return ring;
  }
}

function push(map: Map<number, number[]>, key: number, value: number): void {
  const known = map.get(key);
  if (known) known.push(value);
  else map.set(key, [value]);
}

/** Takes the only value out, or of two the lower (`want` below 0) or the higher one. */
function take(values: number[], want: number): number {
  const index = values.length < 2 ? 0 : at(values, 0) < at(values, 1) === want < 0 ? 0 : 1;
  return values.splice(index, 1)[0] ?? 0;
}

/** The rings along the edges of a mask's pixels; even-odd filling of them gives the mask again. */
export function outlineOf(mask: Mask): Polygon {
  const [x0, , x1] = maskBounds(mask);
  const edges = new Edges(mask.height);
  let left = NONE;
  for (let x = x0; x <= x1; x++) {
    const right = x < x1 ? columnOf(mask, x) : NONE;
    edges.add(x, left, right);
    left = right;
  }
  return { type: "polygon", rings: edges.rings() };
}

/** The mask with everything set that it surrounds. */
export function withoutHoles(mask: Mask): Mask {
  const { width, height } = mask;
  const [x0, , x1] = maskBounds(mask);
  const open = new Places();
  const columns: { readonly spans: Spans; readonly first: number }[] = [];
  for (let x = x0; x < x1; x++) {
    const spans = inverted(columnOf(mask, x), height);
    const first = open.add(spans.length / 2);
    const before = columns.at(-1);
    for (let i = 0; i < spans.length; i += 2) {
      const [from, to] = [at(spans, i), at(spans, i + 1)];
      if (from === 0 || to === height || x === x0 || x === x1 - 1) open.join(first + i / 2, 0);
    }
    if (before) connect(open, before, { spans, first });
    columns.push({ spans, first });
  }
  const filled = maskOf({ width, height }, (x) => {
    const column = columns[x - x0];
    let spans = columnOf(mask, x);
    column?.spans.forEach((from, i) => {
      const isHole = i % 2 === 0 && !open.joined(column.first + i / 2, 0);
      if (isHole) spans = withSpan(spans, from, at(column.spans, i + 1));
    });
    return spans;
  });
  return filled ?? mask;
}

interface Placed {
  readonly spans: Spans;
  readonly first: number;
}

/** Joins what lies side by side in two neighbouring columns. */
function connect(open: Places, a: Placed, b: Placed): void {
  for (let i = 0, j = 0; i < a.spans.length && j < b.spans.length;) {
    const [aEnd, bEnd] = [at(a.spans, i + 1), at(b.spans, j + 1)];
    if (at(a.spans, i) < bEnd && at(b.spans, j) < aEnd) open.join(a.first + i / 2, b.first + j / 2);
    if (aEnd < bEnd) i += 2;
    else j += 2;
  }
}

/** Which places hang together (union-find); place 0 is the outside. */
class Places {
  readonly #parents = [0];

  /** Makes `count` new places; returns the first. */
  add(count: number): number {
    const first = this.#parents.length;
    for (let i = 0; i < count; i++) this.#parents.push(first + i);
    return first;
  }

  join(a: number, b: number): void {
    const [p, q] = [this.#root(a), this.#root(b)];
    this.#parents[Math.max(p, q)] = Math.min(p, q);
  }

  joined(a: number, b: number): boolean {
    return this.#root(a) === this.#root(b);
  }

  #root(place: number): number {
    let root = place;
    while (at(this.#parents, root) !== root) root = at(this.#parents, root);
    this.#parents[place] = root;
    return root;
  }
}

/** The rings of a polygon that are no holes: an even number of others is around them. */
export const outerRings = ({ rings }: Polygon): readonly Ring[] =>
  rings.filter((ring) => {
    const around = rings.filter((other) => other !== ring && inRings(at(ring, 0), [other]));
    return around.length % 2 === 0;
  });
