/** Reads the colours of a decoded picture, a rectangle at a time, through a small bitmap that is made to be read. */
import type { Size } from "../geometry/types";
import type { Sampler } from "../samples";

type Read = OffscreenCanvasRenderingContext2D;
export type Drawable = (ImageBitmap | OffscreenCanvas) & Size;

/** Samples that `draw` puts at the corner of a bitmap of their size. */
export function samplerBy(
  size: Size,
  step: number,
  draw: (into: Read, x: number, y: number, size: Size) => void,
): Sampler {
  const canvas = new OffscreenCanvas(1, 1);
  const context = canvas.getContext("2d", { willReadFrequently: true });
  return {
    ...size,
    step,
    read(x, y, columns, rows) {
      // A new size wipes it.
      [canvas.width, canvas.height] = [columns, rows];
      if (!context) return new Uint8ClampedArray(4 * columns * rows);
      draw(context, x, y, { width: columns, height: rows });
      return context.getImageData(0, 0, columns, rows).data;
    },
  };
}

/** `shrink`: how many of its pixels in a row make one sample. */
export function samplerOf(pixels: Drawable, picture: Size, shrink = 1): Sampler {
  const size = { width: Math.ceil(pixels.width / shrink), height: Math.ceil(pixels.height / shrink) };
  const step = (picture.width / pixels.width) * shrink;
  return samplerBy(size, step, (into, x, y, { width, height }) =>
    into.drawImage(pixels, x * shrink, y * shrink, width * shrink, height * shrink, 0, 0, width, height),
  );
}
