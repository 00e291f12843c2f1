/** The places of the selected shape that a hand can take: what is drawn as a handle is what can be grabbed. */
import { at } from "./at";
import { toScreen } from "./camera";
import type { Camera } from "./camera";
import { clamp, HANDLES, handlePoint } from "./geometry/box";
import type { Handle } from "./geometry/box";
import { sameVertex } from "./geometry/polygon";
import type { VertexRef } from "./geometry/polygon";
import { frameOf, fromLocal, isTurnable, localHandle, turned } from "./geometry/rotated";
import { boundsOf, edgeEnd, isJointed, ringsOf } from "./geometry/shape";
import type { Box, Geometry, Jointed, Point, RotatedBox, Size } from "./geometry/types";

export type Grip =
  /** On a small shape it stands off from its place by `off`, in image pixels, so that the shape can be seen. */
  | { readonly kind: "corner"; readonly handle: Handle; readonly screen: Point; readonly off: Point }
  /** Turns a rotated box or an ellipse; `screen` stands off from `foot`, the middle of its upper side. */
  | { readonly kind: "turn"; readonly screen: Point; readonly foot: Point }
  | { readonly kind: "vertex"; readonly at: VertexRef; readonly screen: Point; readonly small: boolean }
  /** The middle of the edge that begins at a vertex: taking it makes a vertex there. */
  | { readonly kind: "middle"; readonly at: VertexRef; readonly screen: Point };

/** How a screen shows grips: fingers need more room than a pointer. */
export interface Fingers {
  readonly view: Size;
  readonly touch: boolean;
  /** The vertex that keys act on: it is always among the grips. */
  readonly vertex: VertexRef | null;
}

/** Side of a handle in CSS pixels. */
export const HANDLE = { pointer: 9, finger: 24 };
/** CSS pixels between two vertices that both have a handle; on a denser outline only some have one until one zooms in. */
const GAP = { pointer: 11, finger: 26 };
/** Handles are elements of the page: beyond this many, zooming in shows the others. */
const MAX_VERTICES = 500;
/** CSS pixels from a rotated box to the handle that turns it. */
const TURN = { pointer: 26, finger: 40 };

/** The grips of the only selected shape on the screen; a geometry that no hand can reshape has none. */
export function gripsOf(geometry: Geometry, camera: Camera, fingers: Fingers): Grip[] {
  if (geometry.type === "box") return cornersOf(geometry, camera, fingers.touch);
  if (isTurnable(geometry)) {
    const frame = frameOf(geometry);
    return [turnOf(frame, camera, fingers.touch), ...rotatedGrips(frame, camera, fingers.touch)];
  }
  // A single point is moved as a whole.
  const isSingle = geometry.type === "points" && geometry.points.length === 1;
  return isJointed(geometry) && !isSingle ? verticesOf(geometry, camera, fingers) : [];
}

/** CSS pixels by which the handles of a side as short as this stand off at each of its ends. */
function standOff(side: number, { scale }: Camera, touch: boolean): number {
  const size = touch ? HANDLE.finger : HANDLE.pointer;
  return clamp((3 * size - side * scale) / 2, 0, size / 2 + 1);
}

/** The handles of an upright box of a width and a height: the corners are enough on a small one, and stand outside. */
function handlesOf(w: number, h: number, camera: Camera, touch: boolean): (readonly [Handle, Point])[] {
  const [dx, dy] = [standOff(w, camera, touch), standOff(h, camera, touch)];
  const sign = (handle: Handle, low: string, high: string) =>
    Number(handle.includes(high)) - Number(handle.includes(low));
  return HANDLES.filter((handle) => (dx === 0 && dy === 0) || handle.length === 2).map((handle) => [
    handle,
    [dx * sign(handle, "w", "e"), dy * sign(handle, "n", "s")],
  ]);
}

function corner(handle: Handle, place: Point, [dx, dy]: Point, camera: Camera): Grip {
  const [x, y] = toScreen(camera, place);
  return { kind: "corner", handle, screen: [x + dx, y + dy], off: [dx / camera.scale, dy / camera.scale] };
}

const rotatedGrips = (box: RotatedBox, camera: Camera, touch: boolean): Grip[] =>
  handlesOf(box.w, box.h, camera, touch).map(([handle, off]) =>
    corner(handle, fromLocal(box, localHandle(box, handle)), turned(off, box.angle), camera),
  );

function turnOf(box: RotatedBox, camera: Camera, touch: boolean): Grip {
  const foot = toScreen(camera, fromLocal(box, localHandle(box, "n")));
  const [dx, dy] = turned([0, -(touch ? TURN.finger : TURN.pointer)], box.angle);
  return { kind: "turn", foot, screen: [foot[0] + dx, foot[1] + dy] };
}

const cornersOf = (box: Box, camera: Camera, touch: boolean): Grip[] =>
  handlesOf(box.x1 - box.x0, box.y1 - box.y0, camera, touch).map(([handle, off]) =>
    corner(handle, handlePoint(box, handle), off, camera),
  );

/** Whether handles of the common size would hide a shape whose corners have to be where they are. */
function isSmall(shape: Jointed, { scale }: Camera): boolean {
  const [x0, y0, x1, y1] = boundsOf(shape);
  return Math.max(x1 - x0, y1 - y0) * scale < 5 * HANDLE.pointer;
}

function verticesOf(shape: Jointed, camera: Camera, fingers: Fingers): Grip[] {
  const gap = fingers.touch ? GAP.finger : GAP.pointer;
  const vertices: Grip[] = [];
  const middles: Grip[] = [];
  const small = isSmall(shape, camera);
  ringsOf(shape).forEach((points, ring) => {
    let last: Point = [Infinity, Infinity];
    points.forEach((point, index) => {
      const screen = toScreen(camera, point);
      const ref = { ring, index };
      const chosen = sameVertex(ref, fingers.vertex);
      if (
        inView(screen, fingers.view) &&
        (chosen || (vertices.length < MAX_VERTICES && distance(screen, last) >= gap))
      ) {
        vertices.push({ kind: "vertex", at: ref, screen, small });
        last = screen;
      }
      const to = edgeEnd(shape.type, points, index);
      if (!to) return;
      const end = toScreen(camera, to);
      const middle: Point = [(screen[0] + end[0]) / 2, (screen[1] + end[1]) / 2];
      if (distance(screen, end) >= 3 * gap && inView(middle, fingers.view) && middles.length < MAX_VERTICES)
        middles.push({ kind: "middle", at: ref, screen: middle });
    });
  });
  return [...middles, ...vertices];
}

const distance = ([ax, ay]: Point, [bx, by]: Point): number => Math.hypot(ax - bx, ay - by);

const inView = ([x, y]: Point, { width, height }: Size): boolean =>
  x >= -HANDLE.finger && y >= -HANDLE.finger && x <= width + HANDLE.finger && y <= height + HANDLE.finger;

/** A corner or a vertex is meant rather than what lies between two of them. */
const RANK = { corner: 0, turn: 0, vertex: 0, middle: 1 };
const isSide = (grip: Grip): boolean => grip.kind === "corner" && grip.handle.length === 1;

/** The grip nearest to a screen point, or null where none is within reach. */
export function nearestGrip(grips: readonly Grip[], screen: Point, reach: number): Grip | null {
  const near = grips.filter((grip) => distance(grip.screen, screen) <= reach);
  near.sort(
    (a, b) =>
      RANK[a.kind] - RANK[b.kind] ||
      distance(a.screen, screen) - distance(b.screen, screen) ||
      Number(isSide(a)) - Number(isSide(b)),
  );
  return near.length > 0 ? at(near, 0) : null;
}
