/** The colours of the picture, for tools that look at them: read block by block, and only where they are asked for. */
import { at } from "./at";
import type { Point, Size } from "./geometry/types";

export interface Sampler extends Size {
  /** Image pixels from one sample to the next. */
  readonly step: number;
  /** Red, green, blue and alpha bytes of samples, row by row; the rectangle lies within the picture. */
  read(x: number, y: number, width: number, height: number): Uint8ClampedArray;
}

/** The sample that an image point lies in. */
export const sampleAt = ({ step, width, height }: Sampler, [x, y]: Point): Point => [
  Math.min(Math.max(Math.floor(x / step), 0), width - 1),
  Math.min(Math.max(Math.floor(y / step), 0), height - 1),
];

/** Samples of one side of a block. */
const BLOCK = 256;

/** The numbers (0 to 254) of the samples from `x`, `y` on, row by row. */
export type Fill = (x: number, y: number, size: Size) => Uint8Array;

/** A number for each sample, made when it is first asked for together with those around it. */
export class Field implements Size {
  readonly width: number;
  readonly height: number;
  /** Column by column: 0 where nothing is known yet, else the number and one. */
  readonly cells: Uint8Array;
  readonly #fill: Fill;

  constructor({ width, height }: Size, fill: Fill) {
    [this.width, this.height, this.#fill] = [width, height, fill];
    this.cells = new Uint8Array(width * height);
  }

  /** The cell of a sample (its number and one). */
  look(index: number): number {
    const known = at(this.cells, index);
    if (known > 0) return known;
    this.#make(Math.floor(index / this.height), index % this.height);
    return at(this.cells, index);
  }

  #make(x: number, y: number): void {
    const [x0, y0] = [x - (x % BLOCK), y - (y % BLOCK)];
    const size = { width: Math.min(BLOCK, this.width - x0), height: Math.min(BLOCK, this.height - y0) };
    const values = this.#fill(x0, y0, size);
    const { cells } = this;
    for (let column = 0; column < size.width; column++) {
      const to = (x0 + column) * this.height + y0;
      for (let row = 0, from = column; row < size.height; row++, from += size.width)
        cells[to + row] = at(values, from) + 1;
    }
  }
}

/** How far each sample is from one colour: the largest difference of red, green and blue. */
export function distances(sampler: Sampler, [x, y]: Point): Field {
  const [red, green, blue] = sampler.read(x, y, 1, 1) as unknown as [number, number, number];
  return new Field(sampler, (left, top, { width, height }) => {
    const data = sampler.read(left, top, width, height);
    const values = new Uint8Array(width * height);
    for (let to = 0, i = 0; to < values.length; to++, i += 4) {
      const r = Math.abs(at(data, i) - red);
      const g = Math.abs(at(data, i + 1) - green);
      const b = Math.abs(at(data, i + 2) - blue);
      const most = r > g ? (r > b ? r : b) : g > b ? g : b;
      values[to] = most > 254 ? 254 : most;
    }
    return values;
  });
}
