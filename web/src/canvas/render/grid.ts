/** Lines between the pixels of a picture. */
import type { Camera } from "../camera";
import type { Bounds } from "../geometry/types";

/** CSS pixels of an image pixel from which lines between them help more than they hide. */
const FROM = 8;

/** The whole image pixels at which lines stand. */
const steps = (from: number, to: number): number[] =>
  Array.from({ length: Math.max(0, Math.floor(to) - Math.ceil(from) + 1) }, (_, i) => Math.ceil(from) + i);

/** Each line dark on one side and light on the other, so that it is seen on every ground. */
export function paintGrid(context: CanvasRenderingContext2D, camera: Camera, [x0, y0, x1, y1]: Bounds): void {
  const { scale, tx, ty } = camera;
  if (scale < FROM) return;
  for (const [ink, shift] of [
    ["rgb(0 0 0 / 35%)", -0.5],
    ["rgb(255 255 255 / 35%)", 0.5],
  ] as const) {
    context.beginPath();
    for (const x of steps(x0, x1)) {
      const sx = Math.round(x * scale + tx) + shift;
      context.moveTo(sx, y0 * scale + ty);
      context.lineTo(sx, y1 * scale + ty);
    }
    for (const y of steps(y0, y1)) {
      const sy = Math.round(y * scale + ty) + shift;
      context.moveTo(x0 * scale + tx, sy);
      context.lineTo(x1 * scale + tx, sy);
    }
    context.strokeStyle = ink;
    context.lineWidth = 1;
    context.stroke();
  }
}
