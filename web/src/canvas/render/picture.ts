/** The picture: a coarse copy of the whole that is always there, and above it a sharp bitmap of what is in view. */
import type { Camera } from "../camera";
import type { Size } from "../geometry/types";
import { PLAIN } from "../looks";
import type { Looks } from "../looks";
import type { Sampler } from "../samples";
import { Darkroom } from "./darkroom";
import { paintGrid } from "./grid";
import { samplerOf } from "./sampler";
import { Sheet } from "./sheet";
import { sameTones } from "./tone";

/** Longest side of the coarse copy in pixels. */
const COARSE = 1024;
/** From this scale on one wants to see the pixels themselves. */
const PIXELATED = 3;

export type Pixels = ImageBitmap | HTMLImageElement | HTMLCanvasElement;

export class PictureLayer {
  readonly #coarse = document.createElement("canvas");
  readonly #sheet: Sheet;
  readonly #darkroom = new Darkroom();
  #looks: Looks = PLAIN;
  /** The coarse copy, or the sharp bitmap, looks otherwise than is wanted now. */
  #stale = { coarse: false, sharp: false };
  #pixels: Pixels | null = null;
  #size: Size = { width: 0, height: 0 };

  constructor(parent: HTMLElement) {
    this.#coarse.style.cssText =
      "position:absolute;left:0;top:0;transform-origin:0 0;will-change:transform;visibility:hidden";
    parent.append(this.#coarse);
    this.#sheet = new Sheet(parent);
  }

  /** `size` is the picture's in image pixels; `pixels` may be a smaller rendition of it. */
  show(pixels: Pixels | null, size: Size): void {
    this.#pixels = pixels;
    this.#size = size;
    this.#sheet.clear();
    this.#coarse.style.visibility = pixels ? "visible" : "hidden";
    if (!pixels) return;
    this.#paintCoarse(pixels);
  }

  /** Its colours as they are stored, whatever tones are shown; null while they are on their way. */
  sampler(shrink = 1): Sampler | null {
    return this.#pixels && samplerOf(this.#pixels, this.#size, shrink);
  }

  /** Shows it in other tones, or with lines between its pixels: painted anew at the next `place` and `sharpen`. */
  look(looks: Looks): void {
    if (!sameTones(looks, this.#looks)) this.#stale = { coarse: true, sharp: true };
    else if (looks.grid !== this.#looks.grid) this.#stale = { ...this.#stale, sharp: true };
    this.#looks = looks;
  }

  #paintCoarse(pixels: Pixels): void {
    const { width, height } = this.#size;
    const shrink = Math.min(1, COARSE / Math.max(width, height));
    this.#coarse.width = Math.max(1, Math.round(width * shrink));
    this.#coarse.height = Math.max(1, Math.round(height * shrink));
    const context = this.#coarse.getContext("2d");
    if (!context) return;
    this.#darkroom.develop(context, this.#looks, (into) =>
      into.drawImage(pixels, 0, 0, this.#coarse.width, this.#coarse.height),
    );
    this.#stale = { ...this.#stale, coarse: false };
  }

  resize(view: Size, ratio: number): void {
    this.#sheet.resize(view, ratio);
  }

  place(camera: Camera): void {
    if (this.#stale.coarse && this.#pixels) this.#paintCoarse(this.#pixels);
    const k = (this.#size.width * camera.scale) / Math.max(this.#coarse.width, 1);
    this.#coarse.style.transform = `translate(${camera.tx}px,${camera.ty}px) scale(${k})`;
    this.#sheet.place(camera);
  }

  /** Paints what is missing for `camera`; cheap when nothing is. */
  sharpen(camera: Camera): void {
    const pixels = this.#pixels;
    if (!pixels || (!this.#stale.sharp && this.#sheet.serves(camera))) return;
    const painting = this.#sheet.begin(camera);
    if (!painting) return;
    const { context, camera: own, bounds } = painting;
    const [x0, y0] = [Math.max(0, Math.floor(bounds[0])), Math.max(0, Math.floor(bounds[1]))];
    const x1 = Math.min(this.#size.width, Math.ceil(bounds[2]));
    const y1 = Math.min(this.#size.height, Math.ceil(bounds[3]));
    context.imageSmoothingEnabled = camera.scale < PIXELATED;
    context.imageSmoothingQuality = camera.scale < 1 ? "medium" : "low";
    if (x1 > x0 && y1 > y0) {
      const k = pixels.width / this.#size.width;
      const [w, h] = [x1 - x0, y1 - y0];
      const [sx, sy] = [x0 * own.scale + own.tx, y0 * own.scale + own.ty];
      this.#darkroom.develop(context, this.#looks, (into) =>
        into.drawImage(pixels, x0 * k, y0 * k, w * k, h * k, sx, sy, w * own.scale, h * own.scale),
      );
      if (this.#looks.grid) paintGrid(context, own, [x0, y0, x1, y1]);
    }
    this.#stale = { ...this.#stale, sharp: false };
    this.#sheet.finish(camera);
  }
}
