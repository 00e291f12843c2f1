/** What every geometry can tell: bounds, area, membership, distance to its outline. */
import { at, next } from "../at";
import { maskArea, maskBounds, maskContains } from "./mask";
import type { Bounds, Ellipse, Geometry, Jointed, Point, RotatedBox } from "./types";

type Ring = readonly Point[];

export function rotatedCorners({ cx, cy, w, h, angle }: RotatedBox): Ring {
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  const corner = (x: number, y: number): Point => [cx + x * cos - y * sin, cy + x * sin + y * cos];
  return [corner(-w / 2, -h / 2), corner(w / 2, -h / 2), corner(w / 2, h / 2), corner(-w / 2, h / 2)];
}

/** Corners of a polygon of the same area, none farther than 0.05 pixels from the ellipse, as the domain has it. */
export function ellipseRing({ cx, cy, rx, ry, angle }: Ellipse): Ring {
  const count = Math.min(720, Math.max(4, Math.ceil(Math.PI * Math.sqrt(Math.max(rx, ry) / 0.1))));
  const step = (2 * Math.PI) / count;
  const grown = Math.sqrt(step / Math.sin(step));
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  return Array.from({ length: count }, (_, i): Point => {
    const [x, y] = [rx * grown * Math.cos(i * step), ry * grown * Math.sin(i * step)];
    return [cx + x * cos - y * sin, cy + x * sin + y * cos];
  });
}

const ellipseRings = new WeakMap<Ellipse, readonly Ring[]>();

function ringsOfEllipse(ellipse: Ellipse): readonly Ring[] {
  const known = ellipseRings.get(ellipse);
  if (known) return known;
  const rings = [ellipseRing(ellipse)];
  ellipseRings.set(ellipse, rings);
  return rings;
}

/** Whether the shape is made of vertices. */
export const isJointed = (geometry: Geometry): geometry is Jointed =>
  geometry.type === "polygon" || geometry.type === "polyline" || geometry.type === "points";

/** The outline as rings, closed but for lines and points; a mask answers with its bounding rectangle. */
export function ringsOf(geometry: Geometry): readonly Ring[] {
  if (geometry.type === "polygon") return geometry.rings;
  if (geometry.type === "polyline" || geometry.type === "points") return [geometry.points];
  if (geometry.type === "rotated_box") return [rotatedCorners(geometry)];
  if (geometry.type === "ellipse") return ringsOfEllipse(geometry);
  const [x0, y0, x1, y1] = boundsOf(geometry);
  return [[[x0, y0], [x1, y0], [x1, y1], [x0, y1]]]; // prettier-ignore
}

/** The end of the edge of a ring that begins at a vertex; undefined after the end of a line, and between points. */
export function edgeEnd(type: Geometry["type"], ring: Ring, index: number): Point | undefined {
  if (type === "points") return undefined;
  return type === "polyline" ? ring[index + 1] : next(ring, index);
}

function ringBounds(rings: readonly Ring[]): Bounds {
  let [x0, y0, x1, y1] = [Infinity, Infinity, -Infinity, -Infinity];
  for (const ring of rings) {
    for (const point of ring) {
      x0 = Math.min(x0, point[0]);
      y0 = Math.min(y0, point[1]);
      x1 = Math.max(x1, point[0]);
      y1 = Math.max(y1, point[1]);
    }
  }
  return [x0, y0, x1, y1];
}

function ellipseBounds({ cx, cy, rx, ry, angle }: Ellipse): Bounds {
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  const [dx, dy] = [Math.hypot(rx * cos, ry * sin), Math.hypot(rx * sin, ry * cos)];
  return [cx - dx, cy - dy, cx + dx, cy + dy];
}

const polygonBounds = new WeakMap<Geometry, Bounds>();

export function boundsOf(geometry: Geometry): Bounds {
  if (geometry.type === "box") return [geometry.x0, geometry.y0, geometry.x1, geometry.y1];
  if (geometry.type === "mask") return maskBounds(geometry);
  if (geometry.type === "ellipse") return ellipseBounds(geometry);
  let bounds = polygonBounds.get(geometry);
  if (!bounds) {
    bounds = ringBounds(ringsOf(geometry));
    polygonBounds.set(geometry, bounds);
  }
  return bounds;
}

/** Where the name of a shape stands: at the upper left corner, of an outline at its highest point. */
export function labelPlace(geometry: Geometry): Point {
  const [x0, y0] = boundsOf(geometry);
  if (geometry.type === "box" || geometry.type === "mask") return [x0, y0];
  const corners = ringsOf(geometry).flat();
  return corners.reduce<Point | null>((top, corner) => (top && top[1] <= corner[1] ? top : corner), null) ?? [x0, y0];
}

export function ringArea(ring: Ring): number {
  let twice = 0;
  ring.forEach(([x0, y0], i) => {
    const [x1, y1] = next(ring, i);
    twice += x0 * y1 - x1 * y0;
  });
  return Math.abs(twice) / 2;
}

/** Area in square pixels; holes of a polygon are not subtracted, as in the domain. */
export function areaOf(geometry: Geometry): number {
  switch (geometry.type) {
    case "box":
      return (geometry.x1 - geometry.x0) * (geometry.y1 - geometry.y0);
    case "rotated_box":
      return geometry.w * geometry.h;
    case "mask":
      return maskArea(geometry);
    case "polygon":
      return geometry.rings.reduce((sum, ring) => sum + ringArea(ring), 0);
    case "ellipse":
      return Math.PI * geometry.rx * geometry.ry;
    case "polyline":
    case "points":
      return 0;
  }
}

const inBounds = ([x, y]: Point, [x0, y0, x1, y1]: Bounds): boolean => x >= x0 && x < x1 && y >= y0 && y < y1;

/** Even-odd rule over all rings. */
export function inRings([x, y]: Point, rings: readonly Ring[]): boolean {
  let inside = false;
  for (const ring of rings) {
    for (let i = 0, j = ring.length - 1; i < ring.length; j = i++) {
      const [ax, ay] = at(ring, i);
      const [bx, by] = at(ring, j);
      if (ay > y !== by > y && x < ((bx - ax) * (y - ay)) / (by - ay) + ax) inside = !inside;
    }
  }
  return inside;
}

function inEllipse({ cx, cy, rx, ry, angle }: Ellipse, [x, y]: Point): boolean {
  const [dx, dy, cos, sin] = [x - cx, y - cy, Math.cos(angle), Math.sin(angle)];
  return ((dx * cos + dy * sin) / rx) ** 2 + ((dy * cos - dx * sin) / ry) ** 2 <= 1;
}

export function contains(geometry: Geometry, point: Point): boolean {
  if (geometry.type === "polyline" || geometry.type === "points") return false;
  if (!inBounds(point, boundsOf(geometry))) return false;
  if (geometry.type === "ellipse") return inEllipse(geometry, point);
  if (geometry.type === "box") return true;
  if (geometry.type === "mask") return maskContains(geometry, point[0], point[1]);
  return inRings(point, ringsOf(geometry));
}

export function distanceToSegment([x, y]: Point, [ax, ay]: Point, [bx, by]: Point): number {
  const [dx, dy] = [bx - ax, by - ay];
  const length = dx * dx + dy * dy;
  const along = length === 0 ? 0 : Math.min(1, Math.max(0, ((x - ax) * dx + (y - ay) * dy) / length));
  return Math.hypot(x - ax - along * dx, y - ay - along * dy);
}

/** Distance in image pixels to the nearest edge, or of points to the nearest one; a mask has none to grab: Infinity. */
export function edgeDistance(geometry: Geometry, point: Point): number {
  if (geometry.type === "mask") return Infinity;
  let nearest = Infinity;
  for (const ring of ringsOf(geometry)) {
    ring.forEach((corner, i) => {
      nearest = Math.min(nearest, distanceToSegment(point, corner, edgeEnd(geometry.type, ring, i) ?? corner));
    });
  }
  return nearest;
}

export const intersects = (a: Bounds, b: Bounds): boolean =>
  a[0] <= b[2] && b[0] <= a[2] && a[1] <= b[3] && b[1] <= a[3];

/** What two bounds have in common; null where that is nothing. */
export function meet(a: Bounds, b: Bounds): Bounds | null {
  const [x0, y0, x1, y1] = [Math.max(a[0], b[0]), Math.max(a[1], b[1]), Math.min(a[2], b[2]), Math.min(a[3], b[3])];
  return x0 < x1 && y0 < y1 ? [x0, y0, x1, y1] : null;
}

export const union = (a: Bounds, b: Bounds): Bounds => [
  Math.min(a[0], b[0]),
  Math.min(a[1], b[1]),
  Math.max(a[2], b[2]),
  Math.max(a[3], b[3]),
];
