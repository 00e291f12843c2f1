/**
 * Pure kernels for shapes made of vertices: rings of polygons keep at least three points and an area, and no other ring
 * is ever touched; lines keep two points apart, sets of points one.
 */
import { at } from "../at";
import { clampPoint } from "./box";
import { edgeEnd, ringArea, ringsOf } from "./shape";
import type { Jointed, Point, Polygon, Polyline, Size } from "./types";

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

export const vertexAt = (shape: Jointed, { ring, index }: VertexRef): Point | undefined =>
  ringsOf(shape)[ring]?.[index];

const isSound = (ring: readonly Point[]): boolean => ring.length >= MIN_POINTS && ringArea(ring) >= MIN_AREA;

/** Whether points can be the shape: a ring has an area, a line a length. */
function isWhole(type: Jointed["type"], points: readonly Point[]): boolean {
  if (type === "polygon") return isSound(points);
  return type === "points" ? points.length > 0 : points.some((point) => !equal(point, at(points, 0)));
}

const equal = ([ax, ay]: Point, [bx, by]: Point): boolean => ax === bx && ay === by;

/** Points set by hand: clamped to the picture, without repetitions. */
function tidied(points: readonly Point[], size: Size): Point[] {
  const inside = points.map((point) => clampPoint(point, size));
  return inside.filter((point, i) => i === 0 || !equal(point, at(inside, i - 1)));
}

/** The line through points set by hand; null where that has no length. */
export function lineThrough(points: readonly Point[], size: Size): Polyline | null {
  const line = tidied(points, size);
  return line.length > 1 ? { type: "polyline", points: line } : null;
}

/** The polygon through points set by hand; null where that has no area. */
export function polygonThrough(points: readonly Point[], size: Size): Polygon | null {
  const ring = tidied(points, size);
  while (ring.length > 1 && equal(at(ring, 0), at(ring, ring.length - 1))) ring.pop();
  return isSound(ring) ? polygonOf(ring) : null;
}

/** The shape with other points in one ring, whatever they are. */
function filled<T extends Jointed>(shape: T, place: number, points: readonly Point[]): T {
  if (shape.type !== "polygon") return { ...shape, points };
  return { ...shape, rings: shape.rings.map((old, i) => (i === place ? points : old)) };
}

const withRing = <T extends Jointed>(shape: T, place: number, points: readonly Point[]): T | null =>
  isWhole(shape.type, points) ? filled(shape, place, points) : null;

/** The shape with one vertex elsewhere, clamped to the picture; null where no area or length would be left. */
export function moveVertex<T extends Jointed>(shape: T, { ring, index }: VertexRef, to: Point, size: Size): T | null {
  const points = ringsOf(shape)[ring];
  return points?.[index] ? withRing(shape, ring, points.with(index, clampPoint(to, size))) : null;
}

/** The shape with one more vertex on the edge that begins at the vertex. */
export const insertVertex = <T extends Jointed>(shape: T, { ring, index }: VertexRef, point: Point): T =>
  filled(shape, ring, (ringsOf(shape)[ring] ?? []).toSpliced(index + 1, 0, point));

/** The shape without a vertex; null where too few would be left, or no area or length. */
export function removeVertex<T extends Jointed>(shape: T, { ring, index }: VertexRef): T | null {
  const points = ringsOf(shape)[ring];
  return points?.[index] ? withRing(shape, ring, points.toSpliced(index, 1)) : null;
}

/** The vertex `step` places further along its ring; past the end of a ring comes the next one. */
export function besideVertex(shape: Jointed, from: VertexRef | null, step: 1 | -1): VertexRef {
  const all = ringsOf(shape).flatMap((points, ring) => points.map((_, index): VertexRef => ({ ring, index })));
  const place = from ? all.findIndex((ref) => sameVertex(ref, from)) : step === 1 ? -1 : 0;
  return at(all, (place + step + all.length) % all.length);
}

/** The middle of the edge that begins at a vertex; undefined where none does. */
export function middleOf(shape: Jointed, { ring, index }: VertexRef): Point | undefined {
  const points = ringsOf(shape)[ring] ?? [];
  const [from, to] = [points[index], edgeEnd(shape.type, points, index)];
  return from && to && [(from[0] + to[0]) / 2, (from[1] + to[1]) / 2];
}
