/** Polygons joined, subtracted and cut; rings that cross or lie in each other are read by the even-odd rule. */
import clipping from "polygon-clipping";
import type { MultiPolygon, Pair, Ring as Closed } from "polygon-clipping";

import { at, next } from "../at";
import { ringArea } from "./shape";
import type { Point, Polygon, Size } from "./types";

/** Rings below this many square pixels are dust of the arithmetic. */
const DUST = 1e-3;
/** Where the exact arithmetic of the library gives up, points are moved to a grid this fine, in pixels. */
const GRID = 1 / 1024;

/** Most points of a ring that crosses itself: taking it apart costs their square. */
const MAX_TANGLED = 300;

const side = ([ax, ay]: Point, [bx, by]: Point, [x, y]: Point): number => (bx - ax) * (y - ay) - (by - ay) * (x - ax);

const apart = (a: number, b: number, c: number, d: number): boolean =>
  Math.max(a, b) < Math.min(c, d) || Math.max(c, d) < Math.min(a, b);

/** Whether two edges cross or touch. */
function meet(a: Point, b: Point, c: Point, d: Point): boolean {
  if (apart(a[0], b[0], c[0], d[0]) || apart(a[1], b[1], c[1], d[1])) return false;
  return side(a, b, c) * side(a, b, d) <= 0 && side(c, d, a) * side(c, d, b) <= 0;
}

function crossesItself(ring: readonly Point[]): boolean {
  const { length } = ring;
  return ring.some((a, i) => {
    const b = next(ring, i);
    for (let j = i + 2; j < length; j++) {
      if ((j + 1) % length !== i && meet(a, b, at(ring, j), next(ring, j))) return true;
    }
    return false;
  });
}

/** The library fills a ring that crosses itself throughout; its triangles taken against each other keep the rule. */
function piecesOf(ring: readonly Point[]): Pair[][][] {
  const pairs = ring.map(([x, y]): Pair => [x, y]);
  if (!crossesItself(ring)) return [[pairs]];
  if (ring.length > MAX_TANGLED) throw new RangeError("too many points");
  return pairs.slice(1, -1).map((pair, i) => [[at(pairs, 0), pair, at(pairs, i + 2)]]);
}

/** A multipolygon has outer rings with holes, and none crosses another. */
function partsOf({ rings }: Polygon): MultiPolygon {
  const [first, ...rest] = rings.flatMap(piecesOf);
  return first ? clipping.xor(first, ...rest) : [];
}

function polygonFrom(parts: MultiPolygon): Polygon | null {
  const open = (ring: Closed): Point[] => ring.slice(0, -1).map(([x, y]): Point => [x, y]);
  const rings = parts.flatMap((part) => part.map(open)).filter((ring) => ring.length >= 3 && ringArea(ring) > DUST);
  return rings.length > 0 ? { type: "polygon", rings } : null;
}

const gridded = ({ rings }: Polygon): Polygon => ({
  type: "polygon",
  rings: rings.map((ring) => ring.map(([x, y]): Point => [Math.round(x / GRID) * GRID, Math.round(y / GRID) * GRID])),
});

/** Works on the exact points, and on a grid where that fails; undefined where that fails too. */
function robustly(
  polygons: readonly Polygon[],
  work: (parts: readonly MultiPolygon[]) => MultiPolygon,
): Polygon | null | undefined {
  for (const prepared of [polygons, polygons.map(gridded)]) {
    try {
      return polygonFrom(work(prepared.map(partsOf)));
    } catch {
      // Points that lie closer than the arithmetic can tell apart: the grid keeps them apart.
    }
  }
  return undefined;
}

/** All of them as one; undefined where that cannot be computed. */
export const joinedPolygons = (polygons: readonly Polygon[]): Polygon | null | undefined =>
  robustly(polygons, ([first, ...rest]) => (first ? clipping.union(first, ...rest) : []));

/** What of the first none of the others covers; null where nothing is left, undefined where that cannot be computed. */
export const subtractedPolygons = (polygon: Polygon, others: readonly Polygon[]): Polygon | null | undefined =>
  robustly([polygon, ...others], ([first, ...rest]) => (first ? clipping.difference(first, ...rest) : []));

/** The half of the plane to the right of a line from `a` to `b`, far beyond the picture. */
function rightOf([ax, ay]: Point, [bx, by]: Point, { width, height }: Size): Polygon {
  const length = Math.hypot(bx - ax, by - ay);
  const far = 4 * (width + height);
  const [dx, dy] = [((bx - ax) / length) * far, ((by - ay) / length) * far];
  return {
    type: "polygon",
    rings: [[[ax - dx, ay - dy], [ax + dx, ay + dy], [ax + dx - dy, ay + dy + dx], [ax - dx - dy, ay - dy + dx]]],
  }; // prettier-ignore
}

/** The two sides of a polygon that a line (taken beyond its ends) cuts; null where it does not cut it. */
export function cutPolygon(polygon: Polygon, a: Point, b: Point, size: Size): [Polygon, Polygon] | null {
  const half = rightOf(a, b, size);
  const right = robustly([polygon, half], ([first, second]) =>
    first && second ? clipping.intersection(first, second) : [],
  );
  const left = subtractedPolygons(polygon, [half]);
  return left && right ? [left, right] : null;
}
