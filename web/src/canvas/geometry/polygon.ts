/** Pure kernels for polygons: rings keep at least three points and an area, and no other ring is ever touched. */
import { at, next } from "../at";
import { clampPoint } from "./box";
import { ringArea } from "./shape";
import type { Point, Polygon, Size } from "./types";

/** Fewest points of a ring, and smallest area in square pixels that a hand may make. */
export const MIN_POINTS = 3;
export const MIN_AREA = 0.5;

/** A vertex by its place; as an edge it is the one that begins there. */
export interface VertexRef {
  readonly ring: number;
  readonly index: number;
}

export const sameVertex = (a: VertexRef | null, b: VertexRef | null): boolean =>
  a?.ring === b?.ring && a?.index === b?.index;

export const polygonOf = (...rings: readonly (readonly Point[])[]): Polygon => ({ type: "polygon", rings });

export const vertexAt = ({ rings }: Polygon, { ring, index }: VertexRef): Point | undefined => rings[ring]?.[index];

const isSound = (ring: readonly Point[]): boolean => ring.length >= MIN_POINTS && ringArea(ring) >= MIN_AREA;

const equal = ([ax, ay]: Point, [bx, by]: Point): boolean => ax === bx && ay === by;

/** The polygon through points set by hand: clamped to the picture, without repetitions; null where that has no area. */
export function polygonThrough(points: readonly Point[], size: Size): Polygon | null {
  const inside = points.map((point) => clampPoint(point, size));
  const ring = inside.filter((point, i) => i === 0 || !equal(point, at(inside, i - 1)));
  while (ring.length > 1 && equal(at(ring, 0), at(ring, ring.length - 1))) ring.pop();
  return isSound(ring) ? polygonOf(ring) : null;
}

function withRing(polygon: Polygon, place: number, ring: readonly Point[]): Polygon | null {
  return isSound(ring) ? { ...polygon, rings: polygon.rings.map((old, i) => (i === place ? ring : old)) } : null;
}

/** The polygon with one vertex elsewhere, clamped to the picture; null where no area would be left. */
export function moveVertex(polygon: Polygon, { ring, index }: VertexRef, to: Point, size: Size): Polygon | null {
  const points = polygon.rings[ring];
  return points?.[index] ? withRing(polygon, ring, points.with(index, clampPoint(to, size))) : null;
}

/** The polygon with one more vertex on the edge that begins at the vertex. */
export function insertVertex(polygon: Polygon, { ring, index }: VertexRef, point: Point): Polygon {
  const rings = polygon.rings.map((points, i) => (i === ring ? points.toSpliced(index + 1, 0, point) : points));
  return { ...polygon, rings };
}

/** The polygon without a vertex; null where the ring would be left with too few points or no area. */
export function removeVertex(polygon: Polygon, { ring, index }: VertexRef): Polygon | null {
  const points = polygon.rings[ring];
  return points?.[index] ? withRing(polygon, ring, points.toSpliced(index, 1)) : null;
}

/** The vertex `step` places further along its ring; past the end of a ring comes the next one. */
export function besideVertex({ rings }: Polygon, from: VertexRef | null, step: 1 | -1): VertexRef {
  const all = rings.flatMap((points, ring) => points.map((_, index): VertexRef => ({ ring, index })));
  const place = from ? all.findIndex((ref) => sameVertex(ref, from)) : step === 1 ? -1 : 0;
  return at(all, (place + step + all.length) % all.length);
}

export function middleOf({ rings }: Polygon, { ring, index }: VertexRef): Point | undefined {
  const points = rings[ring];
  if (!points?.[index]) return undefined;
  const [[ax, ay], [bx, by]] = [at(points, index), next(points, index)];
  return [(ax + bx) / 2, (ay + by) / 2];
}
