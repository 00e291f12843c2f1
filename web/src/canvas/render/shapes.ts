/** The static shapes: painted in slices, then only where something changed. */
import type { Camera } from "../camera";
import { intersects, union } from "../geometry/shape";
import type { Bounds, Size } from "../geometry/types";
import { PLAIN } from "../looks";
import type { Looks } from "../looks";
import type { SpatialIndex } from "../spatial";
import type { Annotation } from "../store/changes";
import { paintMasks } from "./masks";
import type { Patch, Stain } from "./masks";
import { detailFor, paintShapes, SPILL, standingOut } from "./paint";
import type { Detail, Styles } from "./paint";
import type { Painting, Shown } from "./layer";
import { Sheet } from "./sheet";

/** Milliseconds of one frame that a slice may take, and shapes painted between two looks at the clock. */
const SLICE_MS = 6;
const BATCH = 400;

interface Job {
  readonly painting: Painting;
  readonly shapes: readonly Annotation[];
  readonly detail: Detail;
  done: number;
}

/** Where the shapes come from: hidden and lifted ones are filtered out by `visible`. */
export interface Scene {
  readonly index: SpatialIndex;
  readonly styles: Styles;
  readonly visible: (annotation: Annotation) => boolean;
  readonly looks: () => Looks;
  /** Which stand out, where they are too many to be drawn above the others. */
  readonly chosen: (annotation: Annotation) => boolean;
  /** The mask under the brush. */
  readonly ink: () => Stain | null;
}

export class ShapesLayer {
  readonly #sheet: Sheet;
  #scene: Scene | null = null;
  #job: Job | null = null;
  #dirty: Bounds[] = [];
  #stale = true;
  /** As the bitmap on show was painted, so that mended areas look like their surroundings. */
  #detail: Detail = detailFor(0, PLAIN);

  /** `changed` is told when what is shown is painted over. */
  constructor(parent: HTMLElement, changed: () => void) {
    this.#sheet = new Sheet(parent, changed);
  }

  /** What is shown, in one bitmap. */
  whole(): Shown | null {
    return this.#sheet.whole();
  }

  /** Hides it while another bitmap stands in for it. */
  veil(hidden: boolean): void {
    this.#sheet.veil(hidden);
  }

  /** Shows another scene, or the same one in other colours: everything is painted anew. */
  show(scene: Scene | null, keep = false): void {
    this.#scene = scene;
    if (!keep) this.#sheet.clear();
    this.invalidate();
  }

  /** Everything has to be painted anew; what is shown stays until that is done. */
  invalidate(): void {
    this.#stale = true;
    this.#job = null;
    this.#dirty = [];
  }

  /** Only this area of the image has changed. */
  touch(bounds: Bounds): void {
    this.#dirty.push(bounds);
  }

  resize(view: Size, ratio: number): void {
    this.#sheet.resize(view, ratio);
    this.invalidate();
  }

  place(camera: Camera): void {
    this.#sheet.place(camera);
  }

  /** Whether a zoom is under way: painting waits for its end. */
  isScaled(camera: Camera): boolean {
    return this.#sheet.scale !== null && this.#sheet.scale !== camera.scale;
  }

  /** Does a slice of what is left to paint for `camera`; returns whether there is more. */
  work(camera: Camera, budget = SLICE_MS): boolean {
    if (!this.#scene) return false;
    if (this.#stale || this.#job || !this.#sheet.serves(camera)) {
      if (!this.#job || !this.#sheet.prepares(camera)) this.#begin(camera, this.#scene);
      return this.#slice(camera, this.#scene, budget);
    }
    this.mend();
    return false;
  }

  /** Repaints the changed areas of what is shown, whatever camera it was painted for. */
  mend(): void {
    const { scale } = this.#sheet;
    if (!this.#scene || this.#dirty.length === 0 || this.#job || scale === null) return;
    const detail = this.#detail;
    const line = SPILL.line / scale;
    const [right, top] = detail.labels ? [SPILL.label / scale, SPILL.above / scale] : [line, line];
    const areas = this.#dirty.map(([x0, y0, x1, y1]): Bounds => [x0 - line, y0 - top, x1 + right, y1 + line]);
    this.#dirty = [];
    const painting = this.#sheet.touch(areas.reduce(union), this.#scene.ink() !== null);
    if (!painting) return;
    for (const area of areas)
      if (intersects(area, painting.bounds)) this.#repaint(painting, area, [right, top, line], detail);
  }

  #repaint(
    { context, camera, ratio }: Painting,
    area: Bounds,
    spill: readonly [number, number, number],
    detail: Detail,
  ): void {
    const scene = this.#scene;
    if (!scene) return;
    const [right, top, line] = spill;
    // Whole pixels of the bitmap, so that no edge of what is wiped stays half transparent.
    const down = (value: number): number => Math.floor(value * ratio) / ratio;
    const up = (value: number): number => Math.ceil(value * ratio) / ratio;
    const [x, y] = [down(area[0] * camera.scale + camera.tx), down(area[1] * camera.scale + camera.ty)];
    const [w, h] = [up(area[2] * camera.scale + camera.tx) - x, up(area[3] * camera.scale + camera.ty) - y];
    context.save();
    context.beginPath();
    context.rect(x, y, w, h);
    context.clip();
    context.clearRect(x, y, w, h);
    // Neighbours whose line or label reaches into the area belong to it too.
    const near = scene.index.query([area[0] - right, area[1] - line, area[2] + line, area[3] + top]);
    const pixel = 1 / camera.scale;
    const bounds: Bounds = [area[0] - pixel, area[1] - pixel, area[2] + pixel, area[3] + pixel];
    const patch = { bounds, ratio };
    paintScene(context, camera, near.filter(scene.visible), scene, detail, patch);
    const ink = scene.ink();
    if (ink) paintMasks(context, camera, [ink], patch);
    context.restore();
  }

  #begin(camera: Camera, scene: Scene): void {
    this.#job = null;
    const painting = this.#sheet.begin(camera);
    if (!painting) return;
    const found = scene.index.query(painting.bounds);
    this.#stale = false;
    this.#dirty = [];
    const detail = detailFor(found.length, scene.looks());
    this.#job = { painting, shapes: found.filter(scene.visible), detail, done: 0 };
  }

  #slice(camera: Camera, scene: Scene, budget: number): boolean {
    const job = this.#job;
    if (!job) return false;
    const until = performance.now() + budget;
    do {
      const batch = job.shapes.slice(job.done, job.done + BATCH);
      paintScene(job.painting.context, job.painting.camera, batch, scene, job.detail, job.painting);
      job.done += BATCH;
    } while (job.done < job.shapes.length && performance.now() < until);
    if (job.done < job.shapes.length) return true;
    const ink = scene.ink();
    if (ink) paintMasks(job.painting.context, job.painting.camera, [ink], job.painting);
    this.#job = null;
    this.#detail = job.detail;
    this.#sheet.finish(camera);
    this.mend();
    return false;
  }
}

/** Paints shapes, and above them those of them that stand out. */
function paintScene(
  context: CanvasRenderingContext2D,
  camera: Camera,
  shapes: readonly Annotation[],
  { styles, chosen, looks }: Scene,
  detail: Detail,
  patch: Patch,
): void {
  const others = shapes.filter((one) => !chosen(one));
  paintShapes(context, camera, others, styles, detail, patch);
  if (others.length === shapes.length) return;
  paintShapes(context, camera, shapes.filter(chosen), styles, standingOut(detail, looks()), patch);
}
