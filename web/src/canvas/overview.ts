/** A small copy of the whole picture, and the part of it that is in view. */
import { toImage, toScreen, visibleBounds, visiblePart } from "./camera";
import type { Camera } from "./camera";
import type { Bounds, Point, Size } from "./geometry/types";

/** Whether some of the picture, more than a hair, is out of view. */
export function isPartial(camera: Camera, view: Size, { width, height }: Size): boolean {
  const [x0, y0, x1, y1] = visibleBounds(camera, view, 1);
  return x0 > 0 || y0 > 0 || x1 < width || y1 < height;
}

/** How many pixels of the copy one of the picture is, where its longer side has `most`. */
export const shrinkTo = (most: number, { width, height }: Size): number => most / Math.max(width, height);

/** The part of the picture that is in view, in pixels of the copy. */
export const frameOf = (camera: Camera, view: Size, picture: Size, shrink: number): Bounds =>
  visiblePart(camera, view, picture).map((edge) => edge * shrink) as unknown as Bounds;

/** By how many CSS pixels the picture moves so that a point of the copy comes to the middle of the view. */
export function stepTo(camera: Camera, view: Size, [x, y]: Point, shrink: number): Point {
  const [sx, sy] = toScreen(camera, [x / shrink, y / shrink]);
  return [view.width / 2 - sx, view.height / 2 - sy];
}

/** The point of the picture in the middle of the view. */
export const middleOf = (camera: Camera, view: Size): Point => toImage(camera, [view.width / 2, view.height / 2]);
