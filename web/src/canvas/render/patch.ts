/**
 * A small bitmap that stands in for a part of a large one while the same place changes in every frame. A browser without a
 * GPU copies and blends a whole bitmap of which one pixel has changed.
 */
import { visibleBounds } from "../camera";
import type { Camera } from "../camera";
import type { Bounds } from "../geometry/types";
import { layer, placeLayer } from "./layer";
import type { Painting, Shown } from "./layer";

/** Side in CSS pixels: a stroke stays within for some frames. */
const SIDE = 512;

interface Cut {
  readonly left: number;
  readonly top: number;
  readonly whole: Shown;
  /** The camera as the small bitmap sees it. */
  readonly camera: Camera;
}

/** CSS pixels of a bitmap in which `area` of the image plane lies. */
const pixelsOf = ([x0, y0, x1, y1]: Bounds, { scale, tx, ty }: Camera): Bounds => [
  x0 * scale + tx,
  y0 * scale + ty,
  x1 * scale + tx,
  y1 * scale + ty,
];

export class Patch {
  readonly #canvas = layer();
  #cut: Cut | null = null;

  constructor(parent: HTMLElement) {
    parent.append(this.#canvas);
  }

  /** Makes ready to paint over `area`, cut out of `whole` where it is not yet; null where it is too large for that. */
  open(whole: Shown, area: Bounds): Painting | null {
    if (!this.#cut || !this.#holds(this.#cut, area)) {
      this.settle();
      const [x0, y0, x1, y1] = pixelsOf(area, whole.camera);
      if (x1 - x0 > SIDE / 2 || y1 - y0 > SIDE / 2) return null;
      this.#take(whole, (x0 + x1 - SIDE) / 2, (y0 + y1 - SIDE) / 2);
    }
    const context = this.#canvas.getContext("2d");
    if (!context || !this.#cut) return null;
    const { camera, whole: { ratio } } = this.#cut; // prettier-ignore
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    return { context, camera, bounds: visibleBounds(camera, { width: SIDE, height: SIDE }), ratio };
  }

  #holds({ camera }: Cut, area: Bounds): boolean {
    const [x0, y0, x1, y1] = pixelsOf(area, camera);
    return x0 >= 0 && y0 >= 0 && x1 <= SIDE && y1 <= SIDE;
  }

  #take(whole: Shown, x: number, y: number): void {
    const { canvas, ratio, camera } = whole;
    const side = Math.ceil(SIDE * ratio);
    const [px, py] = [Math.floor(x * ratio), Math.floor(y * ratio)];
    const [left, top] = [px / ratio, py / ratio];
    if (this.#canvas.width !== side) [this.#canvas.width, this.#canvas.height] = [side, side];
    this.#canvas.style.width = this.#canvas.style.height = `${String(side / ratio)}px`;
    const [small, large] = [this.#canvas.getContext("2d"), canvas.getContext("2d")];
    if (!small || !large) return;
    for (const context of [small, large]) context.setTransform(1, 0, 0, 1, 0, 0);
    small.clearRect(0, 0, side, side);
    small.drawImage(canvas, -px, -py);
    large.clearRect(px, py, side, side);
    this.#cut = { left: px, top: py, whole, camera: { ...camera, tx: camera.tx - left, ty: camera.ty - top } };
  }

  /** Puts what it shows back into the large bitmap. */
  settle(): void {
    const context = this.#cut?.whole.canvas.getContext("2d");
    if (this.#cut && context) {
      context.setTransform(1, 0, 0, 1, 0, 0);
      context.drawImage(this.#canvas, this.#cut.left, this.#cut.top);
    }
    this.drop();
  }

  /** Forgets what it shows: the large bitmap is painted anew. */
  drop(): void {
    this.#cut = null;
    this.#canvas.style.visibility = "hidden";
  }

  /** Moves with the large bitmap. */
  place(camera: Camera, hidden: boolean): void {
    if (!this.#cut) return;
    placeLayer(this.#canvas, this.#cut.camera, camera);
    this.#canvas.style.visibility = hidden ? "hidden" : "visible";
  }
}
