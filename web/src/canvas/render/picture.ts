/** The picture: a coarse copy of the whole that is always there, and above it a sharp bitmap of what is in view. */
import type { Camera } from "../camera";
import type { Bounds, Size } from "../geometry/types";
import { PLAIN } from "../looks";
import type { Looks } from "../looks";
import { levelFor, TileStore } from "../tiles";
import type { TileSource } from "../tiles";
import { Darkroom } from "./darkroom";
import { paintGrid } from "./grid";
import type { Source } from "./source";
import { paintTiled } from "./tiled";
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
  #tiles: TileStore<ImageBitmap> | null = null;
  /** Bitmap pixels an image pixel, as it is shown. */
  #scale = 1;
  readonly #repaint: () => void;

  /** `repaint` asks for another frame: a tile has come. */
  constructor(parent: HTMLElement, repaint: () => void) {
    this.#repaint = repaint;
    this.#coarse.style.cssText =
      "position:absolute;left:0;top:0;transform-origin:0 0;will-change:transform;visibility:hidden";
    parent.append(this.#coarse);
    this.#sheet = new Sheet(parent);
  }

  /** `size` is the picture's in image pixels; `pixels` may be a smaller rendition of it, made sharp by tiles. */
  show(pixels: Pixels | null, size: Size, tiles: TileSource | null = null): void {
    if (this.#tiles?.source !== (tiles ?? undefined)) {
      this.#tiles?.close();
      this.#tiles = tiles && new TileStore(tiles, () => this.#arrived());
    }
    this.#pixels = pixels;
    this.#size = size;
    this.#sheet.clear();
    this.#coarse.style.visibility = pixels ? "visible" : "hidden";
    if (!pixels) return;
    this.#paintCoarse(pixels);
  }

  /** Its colours as they are stored, whatever tones are shown; null while they are on their way. */
  source(): Source | null {
    const [pixels, store] = [this.#pixels, this.#tiles];
    if (!pixels) return null;
    const tiles = store && {
      size: store.source.size,
      levels: store.source.levels,
      scale: this.#scale,
      here: store.here,
    };
    return { pixels, picture: this.#size, tiles };
  }

  close(): void {
    this.#tiles?.close();
  }

  #arrived(): void {
    this.#stale = { ...this.#stale, sharp: true };
    this.#repaint();
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
      this.#darkroom.develop(context, this.#looks, (into) => this.#draw(into, own, [x0, y0, x1, y1], pixels));
      if (this.#looks.grid) paintGrid(context, own, [x0, y0, x1, y1]);
    }
    this.#stale = { ...this.#stale, sharp: false };
    this.#sheet.finish(camera);
  }

  #draw(into: CanvasRenderingContext2D, camera: Camera, bounds: Bounds, pixels: Pixels): void {
    const [store, picture] = [this.#tiles, this.#size];
    if (store) {
      this.#scale = camera.scale * into.getTransform().a;
      const level = levelFor(this.#scale, store.source.levels);
      store.want(paintTiled(into, camera, bounds, { store, copy: pixels, picture }, level));
      return;
    }
    const [x0, y0, x1, y1] = bounds;
    const k = pixels.width / picture.width;
    const [w, h] = [x1 - x0, y1 - y0];
    const [sx, sy] = [x0 * camera.scale + camera.tx, y0 * camera.scale + camera.ty];
    into.drawImage(pixels, x0 * k, y0 * k, w * k, h * k, sx, sy, w * camera.scale, h * camera.scale);
  }
}
