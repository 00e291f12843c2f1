/** What a box becomes while one of its handles is under the hand. */
import { resizeBox } from "../geometry/box";
import type { Handle } from "../geometry/box";
import { localHandle, resizeRotated, turned, turnTo } from "../geometry/rotated";
import type { Geometry, Point, RotatedBox, Size } from "../geometry/types";
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
  return geometry.type === "rotated_box" ? rotatedCursor(geometry, grip.handle) : CURSORS[grip.handle];
}

/** How a box follows the hand that took a grip; null for shapes that have other ways. */
export function followGrip(geometry: Geometry, grip: Grip, from: Point, picture: Size): Follow | null {
  if (geometry.type === "rotated_box" && grip.kind === "turn")
    return ({ image, shift }) => ({ geometry: turnTo(geometry, image, shift), cursor: "grabbing" });
  if (grip.kind !== "corner") return null;
  const { handle } = grip;
  // A press that has not moved changes nothing, though it was not quite on the corner.
  const isStill = ({ image }: PointerInput): boolean => image[0] === from[0] && image[1] === from[1];
  if (geometry.type === "rotated_box") {
    return (input) => {
      const made = isStill(input) ? geometry : resizeRotated(geometry, handle, input.image, input.shift);
      return { geometry: made, cursor: rotatedCursor(geometry, handle) };
    };
  }
  if (geometry.type !== "box") return null;
  return (input) => {
    const { image, shift } = input;
    if (isStill(input)) return { geometry, cursor: CURSORS[handle] };
    const { box, handle: now } = resizeBox(geometry, handle, image, picture, shift);
    return { geometry: box, cursor: CURSORS[now] };
  };
}
