/** Which samples of one kind hang together with a seed: a scan-line fill, column by column. */
import { at } from "../at";
import type { Field } from "../samples";
import { finished } from "../steps";
import type { Steps } from "../steps";
import type { Columns } from "./raster";
import { NONE } from "./spans";
import type { Spans } from "./spans";
import type { Bounds, Point, Size } from "./types";

/** What was flooded, in samples. */
export interface Flooded {
  readonly bounds: Bounds;
  readonly size: number;
  readonly column: (x: number) => Spans;
}

const MOST_MARKS = 255;
/** Runs of one step. */
const RUNS = 256;

export class Flood {
  readonly #field: Field;
  readonly #seed: Point;
  /** The number of the flood that came to a sample last. */
  readonly #marks: Uint8Array;
  #mark = 0;

  constructor(field: Field, seed: Point) {
    [this.#field, this.#seed] = [field, seed];
    this.#marks = new Uint8Array(field.cells.length);
  }

  at(tolerance: number): Flooded {
    return finished(this.steps(tolerance));
  }

  /**
   * The samples whose number is at most `tolerance`, as far as they touch side by side. The seed is always one. In steps:
   * what is left unfinished does no harm.
   */
  *steps(tolerance: number): Steps<Flooded> {
    if (this.#mark === MOST_MARKS) this.#marks.fill(0);
    this.#mark = (this.#mark % MOST_MARKS) + 1;
    const columns = new Map<number, number[]>();
    const open: number[] = [this.#seed[0] * this.#field.height + this.#seed[1]];
    let [x0, y0, x1, y1, size, runs] = [Infinity, Infinity, 0, 0, 0, 0];
    for (let index = open.pop(); index !== undefined; index = open.pop()) {
      if (++runs % RUNS === 0) yield;
      if (this.#marks[index] === this.#mark) continue;
      const x = Math.floor(index / this.#field.height);
      const [from, to] = this.#run(x, index, tolerance);
      const spans = columns.get(x);
      if (spans) spans.push(from, to);
      else columns.set(x, [from, to]);
      [x0, x1] = [Math.min(x0, x), Math.max(x1, x + 1)];
      [y0, y1] = [Math.min(y0, from), Math.max(y1, to)];
      size += to - from;
      if (x > 0) this.#enter(x - 1, from, to, tolerance, open);
      if (x + 1 < this.#field.width) this.#enter(x + 1, from, to, tolerance, open);
    }
    for (const spans of columns.values()) sort(spans);
    return { bounds: [x0, y0, x1, y1], size, column: (x) => columns.get(x) ?? NONE };
  }

  /** Marks the whole run of a column in which a sample lies; returns its rows. */
  #run(x: number, index: number, tolerance: number): [number, number] {
    const field = this.#field;
    const { cells, height } = field;
    const [top, bottom] = [x * height, (x + 1) * height];
    const most = tolerance + 1;
    let [from, to] = [index, index + 1];
    while (from > top && (at(cells, from - 1) || field.look(from - 1)) <= most) from--;
    while (to < bottom && (at(cells, to) || field.look(to)) <= most) to++;
    this.#marks.fill(this.#mark, from, to);
    return [from - top, to - top];
  }

  /** Where the flood goes on in a column beside a run: once for each stretch. */
  #enter(x: number, from: number, to: number, tolerance: number, open: number[]): void {
    const [field, marks, mark] = [this.#field, this.#marks, this.#mark];
    const { cells } = field;
    const most = tolerance + 1;
    const end = x * field.height + to;
    let inside = false;
    for (let i = x * field.height + from; i < end; i++) {
      const enters = at(marks, i) !== mark && (at(cells, i) || field.look(i)) <= most;
      if (enters && !inside) open.push(i);
      inside = enters;
    }
  }
}

/** The runs of a column came in any order. */
function sort(spans: number[]): void {
  if (spans.length === 2) return;
  const runs = Array.from({ length: spans.length / 2 }, (_, i) => [at(spans, 2 * i), at(spans, 2 * i + 1)] as const);
  runs
    .sort((a, b) => a[0] - b[0])
    .forEach(([from, to], i) => {
      [spans[2 * i], spans[2 * i + 1]] = [from, to];
    });
}

/** The image pixels that flooded samples cover. */
export function columnsOfFlood({ bounds, column }: Flooded, step: number, { width, height }: Size): Columns {
  const pixel = (sample: number, most: number): number => Math.min(Math.round(sample * step), most);
  const [x0, y0, x1, y1] = bounds;
  return {
    width,
    height,
    bounds: [pixel(x0, width), pixel(y0, height), pixel(x1, width), pixel(y1, height)],
    column: (x) => {
      const spans = column(Math.floor((x + 0.5) / step));
      return step === 1 ? spans : spans.map((row) => pixel(row, height));
    },
  };
}
