/** Pure kernels for rotated boxes. One that sticks out of the picture stays whole: a clipped one would be another shape. */
import { MIN_SIZE } from "./box";
import type { Handle } from "./box";
import type { Box, Ellipse, Geometry, Point, RotatedBox, Turnable } from "./types";

/** The angle that Shift snaps to. */
export const SNAP = Math.PI / 12;

/** The same direction between -π (excluded) and π. */
export function normalAngle(angle: number): number {
  const turn = 2 * Math.PI;
  const rest = angle - turn * Math.floor(angle / turn);
  return rest > Math.PI ? rest - turn : rest;
}

export const snapAngle = (angle: number): number => Math.round(angle / SNAP) * SNAP;

/** A vector turned clockwise on the screen. */
export function turned([x, y]: Point, angle: number): Point {
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  return [x * cos - y * sin, x * sin + y * cos];
}

/** A point as the box sees it: from its centre, along its own sides. */
export const toLocal = ({ cx, cy, angle }: RotatedBox, [x, y]: Point): Point => turned([x - cx, y - cy], -angle);

export function fromLocal({ cx, cy, angle }: RotatedBox, point: Point): Point {
  const [x, y] = turned(point, angle);
  return [cx + x, cy + y];
}

/** The end of an edge that begins at `from`, in the nearest snapped direction and as long as before. */
export function snapEnd(from: Point, to: Point): Point {
  const [dx, dy] = [to[0] - from[0], to[1] - from[1]];
  const [x, y] = turned([Math.hypot(dx, dy), 0], snapAngle(Math.atan2(dy, dx)));
  return [from[0] + x, from[1] + y];
}

/** The box on an edge that reaches as far as a third point; null where it would be too small. */
export function boxOnEdge([ax, ay]: Point, [bx, by]: Point, point: Point): RotatedBox | null {
  const w = Math.hypot(bx - ax, by - ay);
  const angle = normalAngle(Math.atan2(by - ay, bx - ax));
  const across = turned([point[0] - ax, point[1] - ay], -angle)[1];
  if (w < MIN_SIZE || Math.abs(across) < MIN_SIZE) return null;
  const [x, y] = turned([w / 2, across / 2], angle);
  return { type: "rotated_box", cx: ax + x, cy: ay + y, w, h: Math.abs(across), angle };
}

/** Turns a box so that its upper side looks at a point; `snaps` in steps of 15 degrees. */
export function turnTo(box: RotatedBox, [x, y]: Point, snaps: boolean): RotatedBox {
  const angle = Math.atan2(y - box.cy, x - box.cx) + Math.PI / 2;
  return { ...box, angle: normalAngle(snaps ? snapAngle(angle) : angle) };
}

export const turnBy = (box: RotatedBox, angle: number): RotatedBox => ({
  ...box,
  angle: normalAngle(box.angle + angle),
});

const side = (handle: Handle, low: string, high: string): -1 | 0 | 1 =>
  handle.includes(low) ? -1 : handle.includes(high) ? 1 : 0;

/** Where a handle sits, seen from the centre along the box's own sides. */
export const localHandle = ({ w, h }: RotatedBox, handle: Handle): Point => [
  (side(handle, "w", "e") * w) / 2,
  (side(handle, "n", "s") * h) / 2,
];

/** One axis: from the side that stays to where the moving one goes, at least as long as the smallest size. */
function stretch(length: number, moving: -1 | 0 | 1, to: number): [low: number, high: number] {
  const anchor = (-moving * length) / 2;
  if (moving === 0) return [-length / 2, length / 2];
  const sign = to === anchor ? moving : Math.sign(to - anchor);
  const end = Math.abs(to - anchor) < MIN_SIZE ? anchor + sign * MIN_SIZE : to;
  return [Math.min(anchor, end), Math.max(anchor, end)];
}

/** Where a drag has to end so that width to height stays; the larger pull decides. */
function keepingRatio(box: RotatedBox, handle: Handle, [x, y]: Point): Point {
  const [h, v] = [side(handle, "w", "e"), side(handle, "n", "s")];
  if (h === 0 || v === 0) return [x, y];
  const [dx, dy] = [x + (h * box.w) / 2, y + (v * box.h) / 2];
  const scale = Math.max(Math.abs(dx) / box.w, Math.abs(dy) / box.h, MIN_SIZE / Math.min(box.w, box.h));
  const [sx, sy] = [Math.sign(dx) || h, Math.sign(dy) || v];
  return [sx * scale * box.w - (h * box.w) / 2, sy * scale * box.h - (v * box.h) / 2];
}

/** Drags a side or a corner to a point, through the opposite one if need be; the angle stays. */
export function resizeRotated(box: RotatedBox, handle: Handle, point: Point, keepRatio = false): RotatedBox {
  const local = toLocal(box, point);
  const [x, y] = keepRatio ? keepingRatio(box, handle, local) : local;
  const [x0, x1] = stretch(box.w, side(handle, "w", "e"), x);
  const [y0, y1] = stretch(box.h, side(handle, "n", "s"), y);
  const [cx, cy] = fromLocal(box, [(x0 + x1) / 2, (y0 + y1) / 2]);
  return { ...box, cx, cy, w: x1 - x0, h: y1 - y0 };
}

export const isTurnable = (geometry: Geometry): geometry is Turnable =>
  geometry.type === "rotated_box" || geometry.type === "ellipse";

/** The rotated box about a shape that can be turned. */
export function frameOf(shape: Turnable): RotatedBox {
  if (shape.type === "rotated_box") return shape;
  const { cx, cy, rx, ry, angle } = shape;
  return { type: "rotated_box", cx, cy, w: 2 * rx, h: 2 * ry, angle };
}

/** The shape of the same kind in another frame. */
export const inFrame = (shape: Turnable, frame: RotatedBox): Turnable =>
  shape.type === "rotated_box" ? frame : ellipseIn(frame);

const ellipseIn = ({ cx, cy, w, h, angle }: Omit<RotatedBox, "type">): Ellipse => ({
  type: "ellipse", cx, cy, rx: w / 2, ry: h / 2, angle,
}); // prettier-ignore

/** The ellipse that touches the four sides of a box. */
export const ellipseInBox = ({ x0, y0, x1, y1 }: Box): Ellipse =>
  ellipseIn({ cx: (x0 + x1) / 2, cy: (y0 + y1) / 2, w: x1 - x0, h: y1 - y0, angle: 0 });
