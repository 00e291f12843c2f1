/** How sharply colours change across the corners of samples. */
import { at } from "../at";
import type { Sampler } from "../samples";

/** The samples around the corners from `x`, `y` on: two on each side, the outermost ones repeated at the border. */
interface Patch {
  readonly data: Uint8ClampedArray;
  /** Where columns and rows of samples begin in the data. */
  readonly columns: readonly number[];
  readonly rows: readonly number[];
}

function patchAround(sampler: Sampler, x: number, y: number, width: number, height: number): Patch {
  const side = (from: number, count: number, most: number): readonly number[] =>
    Array.from({ length: count + 3 }, (_, i) => Math.min(Math.max(from - 2 + i, 0), most - 1));
  const [columns, rows] = [side(x, width, sampler.width), side(y, height, sampler.height)];
  const [x0, y0] = [at(columns, 0), at(rows, 0)];
  const across = at(columns, columns.length - 1) + 1 - x0;
  const data = sampler.read(x0, y0, across, at(rows, rows.length - 1) + 1 - y0);
  return { data, columns: columns.map((one) => 4 * (one - x0)), rows: rows.map((one) => 4 * across * (one - y0)) };
}

/** One channel of each row, smoothed along it (1 3 3 1) and its slope (-1 -1 1 1). */
function alongRows({ data, columns, rows }: Patch, channel: number, width: number): [Int32Array, Int32Array] {
  const smooth = new Int32Array(width * rows.length);
  const slope = new Int32Array(width * rows.length);
  for (let row = 0, to = 0; row < rows.length; row++) {
    const from = at(rows, row) + channel;
    for (let column = 0; column < width; column++, to++) {
      const a = at(data, from + at(columns, column));
      const b = at(data, from + at(columns, column + 1));
      const c = at(data, from + at(columns, column + 2));
      const d = at(data, from + at(columns, column + 3));
      smooth[to] = a + 3 * (b + c) + d;
      slope[to] = c + d - a - b;
    }
  }
  return [smooth, slope];
}

/** The steepest change of red, green or blue across each corner from `x`, `y` on, row by row; 255 is black to white. */
export function contrasts(sampler: Sampler, x: number, y: number, width: number, height: number): Float32Array {
  const patch = patchAround(sampler, x, y, width, height);
  const steepest = new Float32Array(width * height);
  for (let channel = 0; channel < 3; channel++) {
    const [smooth, slope] = alongRows(patch, channel, width);
    const [two, three] = [2 * width, 3 * width];
    for (let i = 0; i < steepest.length; i++) {
      const dx = at(slope, i) + 3 * (at(slope, i + width) + at(slope, i + two)) + at(slope, i + three);
      const dy = at(smooth, i + two) + at(smooth, i + three) - at(smooth, i) - at(smooth, i + width);
      const squared = dx * dx + dy * dy;
      if (squared > at(steepest, i)) steepest[i] = squared;
    }
  }
  return steepest.map((squared) => Math.sqrt(squared) / 16);
}
