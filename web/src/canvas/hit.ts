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
  const found = index.query([x - slack, y - slack, x + slack, y + slack]).filter(visible);
  const scored = found.flatMap((annotation) => {
    const { geometry } = annotation;
    const onEdge = edgeDistance(geometry, point) <= slack;
    if (!onEdge && !contains(geometry, point)) return [];
    return [{ annotation, rank: onEdge ? 0 : 1, area: areaOf(geometry) }];
  });
  scored.sort((a, b) => b.annotation.z - a.annotation.z || a.rank - b.rank || a.area - b.area);
  return scored.map(({ annotation }) => annotation);
}
