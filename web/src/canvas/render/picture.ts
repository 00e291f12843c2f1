/** The picture: a coarse copy of the whole that is always there, and above it a sharp bitmap of what is in view. */
import { visibleBounds } from "../camera";
import type { Camera } from "../camera";
import { meet } from "../geometry/shape";
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
import type { Shown } from "./layer";
import { sameTones } from "./tone";

/** Longest side of the coarse copy in pixels. */
const COARSE = 1024;
/** From this scale on one wants to see the pixels themselves. */
const PIXELATED = 3;

export type Pixels = ImageBitmap | HTMLImageElement | HTMLCanvasElement;

/** Whether all of `part` lies in `whole`. */
export const covers = (whole: Bounds, part: Bounds | null): boolean =>
  !part || (whole[0] <= part[0] && whole[1] <= part[1] && whole[2] >= part[2] && whole[3] >= part[3]);

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
  /** The part of the image plane where another bitmap stands in for this one. */
  #veiled: Bounds | null = null;
  #view: Size = { width: 0, height: 0 };
  readonly #repaint: () => void;

  /** `repaint` asks for another frame: a tile has come; `changed` is told when what is shown is painted over. */
  constructor(parent: HTMLElement, repaint: () => void, changed: () => void) {
    this.#repaint = repaint;
    this.#coarse.style.cssText =
      "position:absolute;left:0;top:0;transform-origin:0 0;will-change:transform;visibility:hidden";
    parent.append(this.#coarse);
    this.#sheet = new Sheet(parent, changed);
  }

  /** The sharp bitmap that is shown. */
  get shown(): Shown | null {
    return this.#sheet.shown;
  }

  /** Another bitmap stands in for this one within `bounds`; null: no longer. */
  veil(bounds: Bounds | null): void {
    this.#veiled = bounds;
    this.#sheet.veil(bounds !== null);
  }

  /** Draws the coarse copy as `camera` sees it. */
  drawCoarse(into: CanvasRenderingContext2D, { scale, tx, ty }: Camera): void {
    this.#refreshCoarse();
    if (this.#pixels) into.drawImage(this.#coarse, tx, ty, this.#size.width * scale, this.#size.height * scale);
  }

  /** The part of the picture that `camera` sees; null where it sees none. */
  seen(camera: Camera): Bounds | null {
    return meet(visibleBounds(camera, this.#view), [0, 0, this.#size.width, this.#size.height]);
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
    this.#stale = { coarse: true, sharp: false };
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

  /** The coarse copy is made when it is first seen: where the sharp bitmap comes at once, nobody waits for both. */
  #refreshCoarse(): void {
    if (this.#stale.coarse && this.#pixels) this.#paintCoarse(this.#pixels);
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
    this.#view = view;
    this.#sheet.resize(view, ratio);
  }

  place(camera: Camera): void {
    // A browser without a GPU draws what is covered, too.
    const cover = this.#veiled ?? this.#sheet.shown?.bounds;
    const isCovered = !this.#pixels || (cover && covers(cover, this.seen(camera)));
    this.#coarse.style.visibility = isCovered ? "hidden" : "visible";
    if (!isCovered) this.#refreshCoarse();
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
