/** A bitmap above or below others in the view, and where it lies. */
import type { Camera } from "../camera";
import type { Bounds } from "../geometry/types";

export interface Painting {
  readonly context: CanvasRenderingContext2D;
  /** The camera as the bitmap sees it: its origin is the bitmap's corner. */
  readonly camera: Camera;
  /** The part of the image plane that the bitmap shows. */
  readonly bounds: Bounds;
  /** Bitmap pixels a CSS pixel. */
  readonly ratio: number;
}

export interface Shown extends Omit<Painting, "context"> {
  readonly canvas: HTMLCanvasElement;
}

/** A bitmap that is moved and scaled as an image. */
export function layer(): HTMLCanvasElement {
  const canvas = document.createElement("canvas");
  canvas.style.cssText = "position:absolute;left:0;top:0;transform-origin:0 0;will-change:transform;visibility:hidden";
  return canvas;
}

/** Moves and scales a bitmap that was painted as `own` sees the image plane to where `camera` sees it. */
export function placeLayer(canvas: HTMLCanvasElement, own: Camera, camera: Camera): void {
  const k = camera.scale / own.scale;
  canvas.style.transform = `translate(${camera.tx - k * own.tx}px,${camera.ty - k * own.ty}px) scale(${k})`;
}
