/** What a box becomes while one of its handles is under the hand. */
import { resizeBox } from "../geometry/box";
import type { Handle } from "../geometry/box";
import { frameOf, inFrame, isTurnable, localHandle, resizeRotated, turned, turnTo } from "../geometry/rotated";
import type { Geometry, Point, RotatedBox, Size, Turnable } from "../geometry/types";
import type { Grip } from "../grips";
import type { PointerInput } from "./tool";

export interface Followed {
  readonly geometry: Geometry;
  readonly cursor: string;
}

export type Follow = (input: PointerInput) => Followed;

const CURSORS: Readonly<Record<Handle, string>> = {
  nw: "nwse-resize", se: "nwse-resize", ne: "nesw-resize", sw: "nesw-resize",
  n: "ns-resize", s: "ns-resize", e: "ew-resize", w: "ew-resize",
}; // prettier-ignore

/** The cursor for a direction in radians, from the right clockwise, in eighths of a turn. */
const DIRECTIONS = ["ew-resize", "nwse-resize", "ns-resize", "nesw-resize"] as const;

function rotatedCursor(box: RotatedBox, handle: Handle): string {
  const [x, y] = localHandle({ ...box, w: 1, h: 1 }, handle);
  const [dx, dy] = turned([x, y], box.angle);
  const eighth = Math.round(Math.atan2(dy, dx) / (Math.PI / 4));
  return DIRECTIONS[((eighth % 4) + 4) % 4] ?? "move";
}

/** The cursor over a grip. */
export function gripCursor(grip: Grip, geometry: Geometry): string {
  if (grip.kind === "turn") return "grab";
  if (grip.kind !== "corner") return grip.kind === "vertex" ? "move" : "copy";
  return isTurnable(geometry) ? rotatedCursor(frameOf(geometry), grip.handle) : CURSORS[grip.handle];
}

// A press that has not moved changes nothing, though it was not quite on the corner.
const isStill = ({ image }: PointerInput, from: Point): boolean => image[0] === from[0] && image[1] === from[1];

function followTurnable(shape: Turnable, grip: Grip, from: Point): Follow | null {
  const frame = frameOf(shape);
  if (grip.kind === "turn")
    return ({ image, shift }) => ({ geometry: inFrame(shape, turnTo(frame, image, shift)), cursor: "grabbing" });
  if (grip.kind !== "corner") return null;
  const { handle, off } = grip;
  const cursor = rotatedCursor(frame, handle);
  return (input) => {
    if (isStill(input, from)) return { geometry: shape, cursor };
    return { geometry: inFrame(shape, resizeRotated(frame, handle, meant(input.image, off), input.shift)), cursor };
  };
}

/** Where a corner is meant to go by a hand that took a handle beside it. */
const meant = ([x, y]: Point, [dx, dy]: Point): Point => [x - dx, y - dy];

/** How a box or an ellipse follows the hand that took a grip; null for shapes that have other ways. */
export function followGrip(geometry: Geometry, grip: Grip, from: Point, picture: Size): Follow | null {
  if (isTurnable(geometry)) return followTurnable(geometry, grip, from);
  if (grip.kind !== "corner" || geometry.type !== "box") return null;
  const { handle, off } = grip;
  return (input) => {
    if (isStill(input, from)) return { geometry, cursor: CURSORS[handle] };
    const { box, handle: now } = resizeBox(geometry, handle, meant(input.image, off), picture, input.shift);
    return { geometry: box, cursor: CURSORS[now] };
  };
}
