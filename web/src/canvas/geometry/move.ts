/** Moving shapes; the pixels of a mask stay on their grid. */
import { at } from "../at";
import { clamp, clampStep, moveBox } from "./box";
import { boundsOf, union } from "./shape";
import type { Geometry, Mask, Point, Size } from "./types";

/** `to`, or the border where rounding alone has carried a value out that was inside before. */
const kept = (from: number, to: number, limit: number): number =>
  from >= 0 && from <= limit ? clamp(to, 0, limit) : to;

/** The step that carries all of them as far as the picture reaches; in whole pixels where a mask is among them. */
export function stepOf(wanted: Point, shapes: readonly Geometry[], picture: Size): Point {
  const [dx, dy] = clampStep(wanted, shapes.map(boundsOf).reduce(union), picture);
  if (shapes.every(({ type }) => type !== "mask")) return [dx, dy];
  const [x, y] = clampStep([Math.round(dx), Math.round(dy)], shapes.map(boundsOf).reduce(union), picture);
  return [Math.trunc(x), Math.trunc(y)];
}

/**
 * Runs go down the columns, so that a step is one number of pixels: a run that reaches into the next column takes up
 * the whole height, and such a mask cannot move up or down.
 */
function moveMask(mask: Mask, [dx, dy]: Point): Mask {
  const step = dx * mask.height + dy;
  const counts = mask.counts.length % 2 === 0 ? [...mask.counts, 0] : [...mask.counts];
  counts[0] = at(counts, 0) + step;
  counts[counts.length - 1] = at(counts, counts.length - 1) - step;
  return { ...mask, counts: counts.at(-1) === 0 ? counts.slice(0, -1) : counts };
}

/** Moves a shape by a step that `stepOf` has given. */
export function moveShape<T extends Geometry>(shape: T, step: Point, size: Size): T;
export function moveShape(shape: Geometry, [dx, dy]: Point, { width, height }: Size): Geometry {
  const moved = ([x, y]: Point): Point => [kept(x, x + dx, width), kept(y, y + dy, height)];
  switch (shape.type) {
    case "box":
      return moveBox(shape, [dx, dy]);
    case "rotated_box":
    case "ellipse":
      return { ...shape, cx: shape.cx + dx, cy: shape.cy + dy };
    case "polygon":
      return { ...shape, rings: shape.rings.map((ring) => ring.map(moved)) };
    case "polyline":
    case "points":
      return { ...shape, points: shape.points.map(moved) };
    case "mask":
      return moveMask(shape, [dx, dy]);
  }
}
