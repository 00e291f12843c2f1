/**
 * A bitmap a little larger than the view, painted once for one camera and then moved and scaled as an image.
 * A new painting is made on a second bitmap, in as many slices as it takes, and shown when it is complete.
 */
import { visibleBounds } from "../camera";
import type { Camera } from "../camera";
import type { Bounds, Size } from "../geometry/types";
import { layer, placeLayer } from "./layer";
import type { Painting, Shown } from "./layer";
import { Patch } from "./patch";

const MARGIN = 0.15;

export class Sheet {
  readonly #canvases: [HTMLCanvasElement, HTMLCanvasElement] = [layer(), layer()];
  #front: 0 | 1 = 0;
  #size: Size = { width: 0, height: 0 };
  #view: Size = { width: 0, height: 0 };
  #ratio = 1;
  #painted: Camera | null = null;
  #painting: Camera | null = null;
  #hidden = false;
  #placed: Camera | null = null;
  readonly #patch: Patch;
  readonly #changed: () => void;

  /** `changed` is told whenever what is shown is painted over. */
  constructor(parent: HTMLElement, changed: () => void) {
    this.#changed = changed;
    parent.append(...this.#canvases);
    this.#patch = new Patch(parent);
  }

  /** Bitmaps of a new size are empty until painted again. */
  resize(view: Size, ratio: number): void {
    this.#view = view;
    this.#ratio = ratio;
    const grown = (length: number): number => Math.ceil(length * (1 + 2 * MARGIN));
    this.#size = { width: grown(view.width), height: grown(view.height) };
    for (const canvas of this.#canvases) {
      canvas.width = Math.round(this.#size.width * ratio);
      canvas.height = Math.round(this.#size.height * ratio);
      canvas.style.width = `${this.#size.width}px`;
      canvas.style.height = `${this.#size.height}px`;
    }
    this.clear();
  }

  /** Forgets what was painted. */
  clear(): void {
    this.#painted = null;
    this.#painting = null;
    this.#patch.drop();
    for (const canvas of this.#canvases) canvas.style.visibility = "hidden";
    this.#changed();
  }

  /** What is shown, in one bitmap, and how it sees the image plane; null before the first painting. */
  whole(): Shown | null {
    this.#patch.settle();
    return this.shown;
  }

  /** The large bitmap, and how it sees the image plane; null before the first painting. */
  get shown(): Shown | null {
    const [painted, canvas] = [this.#painted, this.#canvases[this.#front]];
    if (!painted) return null;
    const camera = this.#own(painted);
    return { canvas, camera, bounds: visibleBounds(camera, this.#size), ratio: this.#ratio };
  }

  /** Hides what is shown while another bitmap stands in for it. */
  veil(hidden: boolean): void {
    this.#hidden = hidden;
    if (this.#painted) this.#canvases[this.#front].style.visibility = hidden ? "hidden" : "visible";
  }

  /** Whether what is shown has the sharpness and the extent that `camera` asks for. */
  serves(camera: Camera): boolean {
    return this.#painted?.scale === camera.scale && this.#reaches(this.#painted, camera);
  }

  /** Whether the painting under way would still do for `camera`. */
  prepares(camera: Camera): boolean {
    return this.#painting?.scale === camera.scale && this.#reaches(this.#painting, camera);
  }

  get scale(): number | null {
    return this.#painted?.scale ?? null;
  }

  /** Starts a painting for `camera` on the bitmap that is not shown. */
  begin(camera: Camera): Painting | null {
    this.#painting = camera;
    return this.#open(this.#canvases[this.#front === 0 ? 1 : 0], camera);
  }

  /** Shows the painting that `begin` has started. */
  finish(camera: Camera): void {
    this.#painted = this.#painting;
    this.#painting = null;
    this.#patch.drop();
    this.#front = this.#front === 0 ? 1 : 0;
    this.place(camera);
    this.#canvases[this.#front].style.visibility = "visible";
    this.#canvases[this.#front === 0 ? 1 : 0].style.visibility = "hidden";
    this.#changed();
  }

  /** What is shown, ready to have `area` painted over; `again`: and soon the same place once more. */
  touch(area: Bounds, again: boolean): Painting | null {
    this.#changed();
    const small = again && this.shown ? this.#patch.open(this.shown, area) : null;
    if (this.#placed) this.#patch.place(this.#placed, this.#hidden);
    if (small) return small;
    this.#patch.settle();
    return this.#painted && this.#open(this.#canvases[this.#front], this.#painted, false);
  }

  /** Moves and scales what is shown to where `camera` sees it. */
  place(camera: Camera): void {
    this.#placed = camera;
    if (this.#painted) placeLayer(this.#canvases[this.#front], this.#own(this.#painted), camera);
    this.#patch.place(camera, this.#hidden);
  }

  /** A camera as the bitmap sees it. */
  #own({ scale, tx, ty }: Camera): Camera {
    const [mx, my] = this.#margin();
    return { scale, tx: tx + mx, ty: ty + my };
  }

  #margin(): [number, number] {
    return [(this.#size.width - this.#view.width) / 2, (this.#size.height - this.#view.height) / 2];
  }

  #reaches(from: Camera, camera: Camera): boolean {
    const [mx, my] = this.#margin();
    return Math.abs(camera.tx - from.tx) <= mx && Math.abs(camera.ty - from.ty) <= my;
  }

  #open(canvas: HTMLCanvasElement, camera: Camera, wipe = true): Painting | null {
    const context = canvas.getContext("2d");
    if (!context) return null;
    const own = this.#own(camera);
    context.setTransform(this.#ratio, 0, 0, this.#ratio, 0, 0);
    if (wipe) context.clearRect(0, 0, this.#size.width, this.#size.height);
    return { context, camera: own, bounds: visibleBounds(own, this.#size), ratio: this.#ratio };
  }
}
