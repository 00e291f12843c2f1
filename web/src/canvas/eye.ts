/** The camera of one picture in one view, always within its limits. */
import { clampCamera, clampScale, fit, oneToOne, panBy, zoomTo } from "./camera";
import type { Camera } from "./camera";
import type { Bounds, Point, Size } from "./geometry/types";

export class Eye {
  readonly #moved: (camera: Camera) => void;
  #camera: Camera = { scale: 1, tx: 0, ty: 0 };
  #picture: Size = { width: 1, height: 1 };
  #view: Size = { width: 1, height: 1 };
  /** It still shows the whole picture, so it goes on doing so when the view changes its size. */
  #fitted = true;

  constructor(moved: (camera: Camera) => void) {
    this.#moved = moved;
  }

  get camera(): Camera {
    return this.#camera;
  }

  get view(): Size {
    return this.#view;
  }

  get picture(): Size {
    return this.#picture;
  }

  setView(view: Size): void {
    this.#view = view;
    if (this.#fitted) this.fit();
    else this.#look(this.#camera);
  }

  /** Looks at another picture as a whole. */
  setPicture(picture: Size): void {
    this.#picture = picture;
    this.fit();
  }

  fit(): void {
    this.#look(fit([0, 0, this.#picture.width, this.#picture.height], this.#view), true);
  }

  oneToOne(): void {
    this.#look(oneToOne(this.#camera, this.#view));
  }

  /** Shows `bounds` with room around them. */
  show(bounds: Bounds): void {
    this.#look(fit(bounds, this.#view, Math.min(this.#view.width, this.#view.height) / 6));
  }

  pan(dx: number, dy: number): void {
    this.#look(panBy(this.#camera, dx, dy));
  }

  /** Zooms by `factor` about a screen point, the middle of the view by default. */
  zoom(factor: number, at: Point = [this.#view.width / 2, this.#view.height / 2]): void {
    const scale = clampScale(this.#camera.scale * factor, this.#picture, this.#view);
    this.#look(zoomTo(this.#camera, at, scale));
  }

  /** Moves only if the middle of `bounds` is out of sight. */
  bringIntoView([x0, y0, x1, y1]: Bounds): void {
    const { scale, tx, ty } = this.#camera;
    const [x, y] = [((x0 + x1) / 2) * scale + tx, ((y0 + y1) / 2) * scale + ty];
    const outside = x < 0 || y < 0 || x > this.#view.width || y > this.#view.height;
    if (outside) this.pan(this.#view.width / 2 - x, this.#view.height / 2 - y);
  }

  #look(camera: Camera, fitted = false): void {
    this.#fitted = fitted;
    this.#camera = clampCamera(camera, this.#picture, this.#view);
    this.#moved(this.#camera);
  }
}
