/** Paints a mask, or wipes it: the selected one, else a new one. Each stroke is one step of undo. Shift does the opposite. */
import type { Mask, Point } from "../geometry/types";
import { Raster } from "../geometry/raster";
import { edited } from "../store/changes";
import type { Annotation } from "../store/changes";
import type { PointerInput, Tool, ToolHost } from "./tool";

interface Stroke {
  readonly target: Annotation | null;
  readonly raster: Raster;
  readonly wipes: boolean;
  readonly last: Point;
}

type Masked = Annotation & { readonly geometry: Mask };
export const isMasked = (annotation: Annotation): annotation is Masked => annotation.geometry.type === "mask";

export class BrushTool implements Tool {
  readonly name: "brush" | "eraser";
  readonly #host: ToolHost;
  #stroke: Stroke | null = null;

  constructor(host: ToolHost, name: "brush" | "eraser") {
    this.#host = host;
    this.name = name;
  }

  get busy(): boolean {
    return this.#stroke !== null;
  }

  down(input: PointerInput): void {
    if (input.alt) {
      const under = this.#host.hits(input).find(isMasked);
      this.#host.select(under ? [under.id] : []);
      return;
    }
    const wipes = (this.name === "eraser") !== input.shift;
    // An eraser takes what it is set on.
    const under = wipes && !this.#target() ? this.#host.hits(input).find(isMasked) : undefined;
    if (under) this.#host.select([under.id]);
    const target = this.#target();
    if (wipes && !target) return;
    const raster = new Raster(this.#host.picture, target?.geometry);
    this.#stroke = { target: target ?? null, raster, wipes, last: input.image };
    this.#paint(input.image);
  }

  move(input: PointerInput): void {
    this.#host.cursor("crosshair");
    this.#paint(input.image);
  }

  up(input: PointerInput): void {
    this.#paint(input.image);
    const stroke = this.#stroke;
    this.#stroke = null;
    if (!stroke) return;
    const { target, raster } = stroke;
    const mask = raster.touched && raster.toMask();
    // What is under the hand and what is stored look alike, so nothing is painted again here.
    this.#host.ink(null, target ? null : raster.touched);
    if (!target) {
      if (mask) this.#host.draw(mask);
    } else if (mask) this.#host.commit([edited(target, { geometry: mask })]);
    else if (raster.touched) this.#host.commit([{ op: "delete", annotation: target }]);
  }

  cancel(): void {
    const touched = this.#stroke?.raster.touched ?? null;
    this.#stroke = null;
    this.#host.ink(null, touched);
  }

  /** Ends a mask: the next stroke makes a new one. */
  finish(): boolean {
    if (!this.#target()) return false;
    this.#host.select([]);
    return true;
  }

  #target(): Masked | undefined {
    const [id, more] = this.#host.selected;
    const only = id === undefined || more !== undefined ? undefined : this.#host.get(id);
    return only && isMasked(only) && !this.#host.isLocked(only.id) ? only : undefined;
  }

  #paint(to: Point): void {
    const stroke = this.#stroke;
    if (!stroke) return;
    const { raster, wipes, last, target } = stroke;
    const dirty = raster.stroke(last, to, this.#host.brush / 2, wipes);
    this.#stroke = { ...stroke, last: to };
    if (dirty) this.#host.ink({ id: target?.id ?? null, classId: target?.class_id ?? null, pixels: raster }, dirty);
  }
}
