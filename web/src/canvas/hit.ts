/** What lies under the pointer: what was brought forward, then edges before insides, the smallest shape first. */
import { toImage } from "./camera";
import type { Camera } from "./camera";
import { areaOf, contains, edgeDistance } from "./geometry/shape";
import type { Point } from "./geometry/types";
import type { SpatialIndex } from "./spatial";
import type { Annotation } from "./store/changes";

/** CSS pixels around the pointer that still count as a touch. */
export const EDGE_REACH = 5;
export const HANDLE_REACH = 8;
const DOT_FACTOR = 1.6;
/** Fingers are wider than a mouse pointer. */
export const TOUCH_FACTOR = 2.2;

export interface HitOptions {
  readonly reach?: number;
  readonly visible?: (annotation: Annotation) => boolean;
}

/** All annotations under the screen point, best first. */
export function hitShapes(
  index: SpatialIndex,
  camera: Camera,
  screen: Point,
  { reach = EDGE_REACH, visible = () => true }: HitOptions = {},
): Annotation[] {
  const point = toImage(camera, screen);
  const slack = reach / camera.scale;
  const [x, y] = point;
  const wide = DOT_FACTOR * slack;
  const found = index.query([x - wide, y - wide, x + wide, y + wide]).filter(visible);
  const scored = found.flatMap((annotation) => {
    const { geometry } = annotation;
    // A point is drawn as a dot, which is to be hit as a whole.
    const onEdge = edgeDistance(geometry, point) <= (geometry.type === "points" ? DOT_FACTOR * slack : slack);
    if (!onEdge && !contains(geometry, point)) return [];
    return [{ annotation, rank: onEdge ? 0 : 1, area: areaOf(geometry) }];
  });
  scored.sort((a, b) => b.annotation.z - a.annotation.z || a.rank - b.rank || a.area - b.area);
  return scored.map(({ annotation }) => annotation);
}
