/** Pure kernels for axis-aligned boxes: every result lies in the picture and is at least `MIN_SIZE` wide and high. */
import type { Bounds, Box, Point, Size } from "./types";

/** Smallest width and height in image pixels that a hand may draw or resize to. */
export const MIN_SIZE = 1;

export type Handle = "nw" | "n" | "ne" | "e" | "se" | "s" | "sw" | "w";
export const HANDLES: readonly Handle[] = ["nw", "n", "ne", "e", "se", "s", "sw", "w"];

export interface Resized {
  readonly box: Box;
  /** The handle now under the pointer: dragging past the anchor turns "e" into "w". */
  readonly handle: Handle;
}

export const clamp = (value: number, low: number, high: number): number => Math.min(Math.max(value, low), high);

export const clampPoint = ([x, y]: Point, size: Size): Point => [clamp(x, 0, size.width), clamp(y, 0, size.height)];

export const boxOf = ([x0, y0, x1, y1]: Bounds): Box => ({ type: "box", x0, y0, x1, y1 });

/** The box between two corners given in any order. */
export const boxFromCorners = ([ax, ay]: Point, [bx, by]: Point): Box =>
  boxOf([Math.min(ax, bx), Math.min(ay, by), Math.max(ax, bx), Math.max(ay, by)]);

/** Whether both sides reach the smallest size; accidental clicks do not. */
export const isLargeEnough = (box: Box): boolean => box.x1 - box.x0 >= MIN_SIZE && box.y1 - box.y0 >= MIN_SIZE;

/** The part of `box` inside the picture, or null where too little is left. */
export function clipBox(box: Box, size: Size): Box | null {
  const a = clampPoint([box.x0, box.y0], size);
  const b = clampPoint([box.x1, box.y1], size);
  const clipped = boxFromCorners(a, b);
  return isLargeEnough(clipped) ? clipped : null;
}

/** The largest part of a step that keeps `[low, high]` in `[0, limit]`; what is outside already may only come back. */
const stepWithin = (step: number, low: number, high: number, limit: number): number =>
  clamp(step, Math.min(-low, 0), Math.max(limit - high, 0));

/** Shortens a step so that everything in `bounds` stays inside the picture. */
export const clampStep = ([dx, dy]: Point, [x0, y0, x1, y1]: Bounds, size: Size): Point => [
  stepWithin(dx, x0, x1, size.width),
  stepWithin(dy, y0, y1, size.height),
];

/** Moves a box by a step already clamped; its width and height keep their value up to rounding. */
export const moveBox = (box: Box, [dx, dy]: Point): Box => boxOf([box.x0 + dx, box.y0 + dy, box.x1 + dx, box.y1 + dy]);

interface Side {
  readonly low: number;
  readonly high: number;
  readonly flipped: boolean;
}

/** One axis of a free resize: the anchor stays, the moving end follows and keeps `MIN_SIZE` distance. */
function resizeAxis(anchor: number, end: number, wasHigh: boolean, limit: number): Side {
  const isHigh = end === anchor ? wasHigh : end > anchor;
  let moved = clamp(end, 0, limit);
  if (isHigh && moved - anchor < MIN_SIZE) moved = anchor + MIN_SIZE;
  if (!isHigh && anchor - moved < MIN_SIZE) moved = anchor - MIN_SIZE;
  if (moved > limit) return { low: anchor - MIN_SIZE, high: anchor, flipped: wasHigh };
  if (moved < 0) return { low: anchor, high: anchor + MIN_SIZE, flipped: !wasHigh };
  return { low: Math.min(anchor, moved), high: Math.max(anchor, moved), flipped: isHigh !== wasHigh };
}

const OPPOSITE: Readonly<Record<string, string>> = { n: "s", s: "n", e: "w", w: "e" };

function flip(handle: Handle, horizontal: boolean, vertical: boolean): Handle {
  const turned = Array.from(handle, (side) => {
    const swap = side === "n" || side === "s" ? vertical : horizontal;
    return swap ? OPPOSITE[side] : side;
  });
  return turned.join("") as Handle;
}

function resizeFree(box: Box, handle: Handle, [px, py]: Point, size: Size): Resized {
  const still = { low: 0, high: 0, flipped: false };
  const west = handle.includes("w");
  const north = handle.includes("n");
  const x =
    west || handle.includes("e")
      ? resizeAxis(west ? box.x1 : box.x0, px, !west, size.width)
      : { ...still, low: box.x0, high: box.x1 };
  const y =
    north || handle.includes("s")
      ? resizeAxis(north ? box.y1 : box.y0, py, !north, size.height)
      : { ...still, low: box.y0, high: box.y1 };
  return { box: boxOf([x.low, y.low, x.high, y.high]), handle: flip(handle, x.flipped, y.flipped) };
}

/** One axis of a proportional resize: where it is anchored and how far it may reach. */
interface Reach {
  readonly anchor: number;
  /** -1 towards the origin, 1 away from it, 0 grows both ways from the middle. */
  readonly sign: -1 | 0 | 1;
  readonly span: number;
  /** Largest scale that stays in the picture. */
  readonly most: number;
}

function reach(low: number, high: number, moving: -1 | 0 | 1, end: number, limit: number): Reach {
  const span = high - low;
  if (moving === 0) {
    const middle = (low + high) / 2;
    return { anchor: middle, sign: 0, span, most: (2 * Math.min(middle, limit - middle)) / span };
  }
  const anchor = moving === 1 ? low : high;
  const sign = end === anchor ? moving : end > anchor ? 1 : -1;
  return { anchor, sign, span, most: (sign === 1 ? limit - anchor : anchor) / span };
}

/** The axis at `scale`, at least `MIN_SIZE` long; where the chosen side of the anchor lacks room for that, the other one. */
function spread({ anchor, sign, span }: Reach, scale: number, limit: number): Side {
  const length = Math.max(span * scale, MIN_SIZE);
  if (sign === 0) {
    const low = clamp(anchor - length / 2, 0, Math.max(limit - length, 0));
    return { low, high: Math.min(low + length, limit), flipped: false };
  }
  const room = sign === 1 ? limit - anchor : anchor;
  const cramped = room < MIN_SIZE;
  return (sign === 1) === cramped
    ? { low: Math.max(anchor - length, 0), high: anchor, flipped: cramped }
    : { low: anchor, high: Math.min(anchor + length, limit), flipped: cramped };
}

const direction = (handle: Handle, low: string, high: string): -1 | 0 | 1 =>
  handle.includes(low) ? -1 : handle.includes(high) ? 1 : 0;

function resizeKeepingRatio(box: Box, handle: Handle, [px, py]: Point, size: Size): Resized {
  const h = direction(handle, "w", "e");
  const v = direction(handle, "n", "s");
  const x = reach(box.x0, box.x1, h, px, size.width);
  const y = reach(box.y0, box.y1, v, py, size.height);
  const wanted = Math.max(
    h === 0 ? 0 : Math.abs(px - x.anchor) / x.span,
    v === 0 ? 0 : Math.abs(py - y.anchor) / y.span,
  );
  const least = MIN_SIZE / Math.min(x.span, y.span);
  // At the border there may be no room for the smallest box of this ratio; then size wins over ratio.
  const scale = Math.min(Math.max(wanted, least), x.most, y.most);
  const across = spread(x, scale, size.width);
  const down = spread(y, scale, size.height);
  const turned = flip(handle, h !== 0 && (x.sign !== h) !== across.flipped, v !== 0 && (y.sign !== v) !== down.flipped);
  return { box: boxOf([across.low, down.low, across.high, down.high]), handle: turned };
}

/** Drags `handle` to `point`, through the opposite side if need be; `keepRatio` keeps width to height. */
export function resizeBox(box: Box, handle: Handle, point: Point, size: Size, keepRatio = false): Resized {
  const inside = clampPoint(point, size);
  return keepRatio ? resizeKeepingRatio(box, handle, inside, size) : resizeFree(box, handle, inside, size);
}

/** Where a handle sits on the box. */
export function handlePoint(box: Box, handle: Handle): Point {
  const at = (low: number, high: number, side: -1 | 0 | 1): number =>
    side === 0 ? (low + high) / 2 : side === 1 ? high : low;
  return [at(box.x0, box.x1, direction(handle, "w", "e")), at(box.y0, box.y1, direction(handle, "n", "s"))];
}
