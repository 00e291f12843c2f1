/** Where a vertex that comes near another shape or the border of the picture comes to lie. */
import { edgeEnd, ringsOf } from "./shape";
import type { Geometry, Point, Size } from "./types";

function onSegment([x, y]: Point, [ax, ay]: Point, [bx, by]: Point): Point {
  const [dx, dy] = [bx - ax, by - ay];
  const length = dx * dx + dy * dy;
  const along = length === 0 ? 0 : Math.min(1, Math.max(0, ((x - ax) * dx + (y - ay) * dy) / length));
  return [ax + along * dx, ay + along * dy];
}

class Nearest {
  readonly #from: Point;
  #distance: number;
  point: Point | null = null;

  constructor(from: Point, reach: number) {
    this.#from = from;
    this.#distance = reach;
  }

  offer(point: Point): void {
    const distance = Math.hypot(point[0] - this.#from[0], point[1] - this.#from[1]);
    if (distance > this.#distance) return;
    this.#distance = distance;
    this.point = point;
  }
}

const edgesOf = (shape: Geometry): [Point, Point][] =>
  ringsOf(shape).flatMap((ring) =>
    ring.flatMap((from, i): [Point, Point][] => {
      const to = edgeEnd(shape.type, ring, i);
      return to ? [[from, to]] : [];
    }),
  );

const frameOf = ({ width, height }: Size): Geometry => ({ type: "box", x0: 0, y0: 0, x1: width, y1: height });

/** The nearest corner of a shape or of the picture within `reach`, else the nearest place on a side; else the point. */
export function snapped(point: Point, shapes: readonly Geometry[], picture: Size, reach: number): Point {
  const near = [...shapes.filter(({ type }) => type !== "mask"), frameOf(picture)];
  const corner = new Nearest(point, reach);
  for (const shape of near)
    if (shape.type !== "ellipse") for (const vertex of ringsOf(shape).flat()) corner.offer(vertex);
  if (corner.point) return corner.point;
  const side = new Nearest(point, reach);
  for (const shape of near) for (const [from, to] of edgesOf(shape)) side.offer(onSegment(point, from, to));
  return side.point ?? point;
}
