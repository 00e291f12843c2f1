/**
 * Picture and shapes in one bitmap, on show while only the camera moves. A browser without a GPU pays for every layer of
 * the view's size in every frame; with one of them a zoom costs half as much as with three.
 */
import type { Camera } from "../camera";
import type { Bounds } from "../geometry/types";
import { covers } from "./picture";
import type { PictureLayer } from "./picture";
import type { ShapesLayer } from "./shapes";
import { layer, placeLayer } from "./layer";
import type { Shown } from "./layer";

/** Frames of mere movement before it is worth making: making it costs about as much as they do. */
const MOVES = 2;

export class Flat {
  readonly #canvas = layer();
  readonly #picture: PictureLayer;
  readonly #shapes: ShapesLayer;
  #camera: Camera | null = null;
  #moves = 0;
  /** What the bitmap shows, null where the layers have changed since. */
  #own: { readonly camera: Camera; readonly bounds: Bounds } | null = null;

  constructor(parent: HTMLElement, picture: PictureLayer, shapes: ShapesLayer) {
    this.#picture = picture;
    this.#shapes = shapes;
    parent.append(this.#canvas);
  }

  /** A layer was painted over: from now on they are on show themselves. */
  drop(): void {
    this.#moves = 0;
    this.#own = null;
    this.#show(null);
  }

  /** Follows the camera, in each frame before the layers do. */
  place(camera: Camera): void {
    const from = this.#camera;
    const isMoved = from?.scale !== camera.scale || from.tx !== camera.tx || from.ty !== camera.ty;
    this.#camera = camera;
    if (isMoved && ++this.#moves > MOVES) this.#own ??= this.#make();
    if (!this.#own) return;
    placeLayer(this.#canvas, this.#own.camera, camera);
    // Where the view leaves it, the layers may know more.
    this.#show(covers(this.#own.bounds, this.#picture.seen(camera)) || this.#sharpIsWithin(this.#own.bounds));
  }

  #sharpIsWithin(bounds: Bounds): boolean {
    return covers(bounds, this.#picture.shown?.bounds ?? null);
  }

  #show(shown: boolean | null): void {
    this.#canvas.style.visibility = shown ? "visible" : "hidden";
    this.#picture.veil(shown && this.#own ? this.#own.bounds : null);
    this.#shapes.veil(shown === true);
  }

  #make(): { readonly camera: Camera; readonly bounds: Bounds } | null {
    const [sharp, shapes] = [this.#picture.shown, this.#shapes.whole()];
    const context = this.#canvas.getContext("2d");
    if (!context || !shapes || !sharp || sharp.camera.scale !== shapes.camera.scale) return null;
    this.#fit(shapes);
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.clearRect(0, 0, this.#canvas.width, this.#canvas.height);
    const { camera, bounds, ratio } = shapes;
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    if (!covers(sharp.bounds, bounds)) this.#picture.drawCoarse(context, camera);
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.drawImage(sharp.canvas, (camera.tx - sharp.camera.tx) * ratio, (camera.ty - sharp.camera.ty) * ratio);
    context.drawImage(shapes.canvas, 0, 0);
    return { camera, bounds };
  }

  /** Only a new size clears and allocates. */
  #fit({ canvas: { width, height, style } }: Shown): void {
    if (this.#canvas.width !== width) this.#canvas.width = width;
    if (this.#canvas.height !== height) this.#canvas.height = height;
    this.#canvas.style.width = style.width;
    this.#canvas.style.height = style.height;
  }
}
