/** Reads the colours of a decoded picture, a rectangle at a time, through a small bitmap that is made to be read. */
import type { Size } from "../geometry/types";
import type { Sampler } from "../samples";
import type { Pixels } from "./picture";

/** `shrink`: how many of its pixels in a row make one sample. */
export function samplerOf(pixels: Pixels, picture: Size, shrink = 1): Sampler {
  const canvas = document.createElement("canvas");
  const context = canvas.getContext("2d", { willReadFrequently: true });
  const [width, height] = [Math.ceil(pixels.width / shrink), Math.ceil(pixels.height / shrink)];
  return {
    width,
    height,
    step: (picture.width / pixels.width) * shrink,
    read(x, y, columns, rows) {
      // A new size wipes it.
      [canvas.width, canvas.height] = [columns, rows];
      if (!context) return new Uint8ClampedArray(4 * columns * rows);
      context.drawImage(pixels, x * shrink, y * shrink, columns * shrink, rows * shrink, 0, 0, columns, rows);
      return context.getImageData(0, 0, columns, rows).data;
    },
  };
}
