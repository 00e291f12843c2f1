/** Polygons joined, subtracted and cut; rings that cross or lie in each other are read by the even-odd rule. */
import * as Clip from "clipper-lib";

import { ringArea } from "./shape";
import type { Point, Polygon, Size } from "./types";

/** Rings below this many square pixels are dust of the arithmetic. */
const DUST = 1e-3;
/** The library counts in whole numbers, this many a pixel; with 2 ** 16 it errs on pictures 20,000 pixels wide. */
const SCALE = 2 ** 10;

/** Counts of the library for points, and the very points again for counts it did not make itself. */
class Counted {
  private readonly points = new Map<string, Point>();

  paths({ rings }: Polygon): Clip.Paths {
    return rings.map((ring) => ring.map((point) => this.counts(point)));
  }

  polygon(paths: Clip.Paths): Polygon | null {
    const rings = paths.map((path) => path.map((counts) => this.point(counts))).filter((ring) => ringArea(ring) > DUST);
    return rings.length > 0 ? { type: "polygon", rings } : null;
  }

  private counts(point: Point): Clip.IntPoint {
    const [X, Y] = [Math.round(point[0] * SCALE), Math.round(point[1] * SCALE)];
    this.points.set(`${X},${Y}`, point);
    return { X, Y };
  }

  private point({ X, Y }: Clip.IntPoint): Point {
    return this.points.get(`${X},${Y}`) ?? [X / SCALE, Y / SCALE];
  }
}

/** What an operation leaves of a first polygon and a second; null where nothing is left. */
function combined(operation: Clip.ClipType, first: Polygon, second: Polygon): Polygon | null {
  const [counted, clipper, paths] = [new Counted(), new Clip.Clipper(), [] as Clip.Paths];
  clipper.AddPaths(counted.paths(first), Clip.PolyType.ptSubject, true);
  clipper.AddPaths(counted.paths(second), Clip.PolyType.ptClip, true);
  clipper.Execute(operation, paths, Clip.PolyFillType.pftEvenOdd, Clip.PolyFillType.pftEvenOdd);
  return counted.polygon(paths);
}

const NOTHING: Polygon = { type: "polygon", rings: [] };

/** All of them as one; null where none has an area. */
export const joinedPolygons = (polygons: readonly Polygon[]): Polygon | null =>
  polygons.reduce<Polygon | null>((all, one) => combined(Clip.ClipType.ctUnion, all ?? NOTHING, one), null);

/** What of the first none of the others covers; null where nothing is left. */
export const subtractedPolygons = (polygon: Polygon, others: readonly Polygon[]): Polygon | null =>
  others.reduce<Polygon | null>((left, one) => left && combined(Clip.ClipType.ctDifference, left, one), polygon);

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
  const right = combined(Clip.ClipType.ctIntersection, polygon, half);
  const left = combined(Clip.ClipType.ctDifference, polygon, half);
  return left && right ? [left, right] : null;
}
