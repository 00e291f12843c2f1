/** Pictures for tests, as grey as a function says. */
import type { Size } from "./geometry/types";
import type { Sampler } from "./samples";

export function painted({ width, height }: Size, grey: (x: number, y: number) => number, step = 1): Sampler {
  return {
    width,
    height,
    step,
    read(x, y, columns, rows) {
      const data = new Uint8ClampedArray(4 * columns * rows);
      for (let row = 0; row < rows; row++)
        for (let column = 0; column < columns; column++) {
          const value = grey(x + column, y + row);
          data.set([value, value, value, 255], 4 * (row * columns + column));
        }
      return data;
    },
  };
}
