/** Moving any shape that a hand may move: everything but a mask, whose pixels stay on their grid. */
import { clamp, moveBox } from "./box";
import type { Box, Geometry, Jointed, Point, Size, Turnable } from "./types";

export type Movable = Box | Turnable | Jointed;

export const isMovable = (geometry: Geometry): geometry is Movable => geometry.type !== "mask";

/** `to`, or the border where rounding alone has carried a value out that was inside before. */
const kept = (from: number, to: number, limit: number): number =>
  from >= 0 && from <= limit ? clamp(to, 0, limit) : to;

/** Moves a shape by a step already clamped to the picture. */
export function moveShape<T extends Movable>(shape: T, step: Point, size: Size): T;
export function moveShape(shape: Movable, [dx, dy]: Point, { width, height }: Size): Movable {
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
  }
}
