/** Cuts polygons and masks in two: press, drag and release, or two clicks. */
import { clampPoint } from "../geometry/box";
import { polygonOf } from "../geometry/polygon";
import { snapEnd } from "../geometry/rotated";
import type { Point } from "../geometry/types";
import { farFrom } from "./tool";
import type { PointerInput, Tool, ToolHost } from "./tool";

interface Cut {
  readonly from: Point;
  readonly screen: Point;
  readonly pressed: boolean;
}

export class SliceTool implements Tool {
  readonly name = "slice";
  readonly #host: ToolHost;
  #cut: Cut | null = null;

  constructor(host: ToolHost) {
    this.#host = host;
  }

  get busy(): boolean {
    return this.#cut !== null;
  }

  down(input: PointerInput): void {
    const from = clampPoint(input.image, this.#host.picture);
    this.#cut = this.#cut ? { ...this.#cut, pressed: true } : { from, screen: input.screen, pressed: true };
    this.#show(input);
  }

  move(input: PointerInput): void {
    this.#host.cursor("crosshair");
    this.#show(input);
  }

  up(input: PointerInput): void {
    const cut = this.#cut;
    if (!cut?.pressed) return;
    if (!farFrom(input.screen, cut.screen)) {
      this.#cut = { ...cut, pressed: false };
      return;
    }
    const to = this.#end(cut.from, input);
    this.cancel();
    this.#host.slice(cut.from, to);
  }

  cancel(): void {
    this.#cut = null;
    this.#host.preview([]);
  }

  back(): boolean {
    if (!this.#cut) return false;
    this.cancel();
    return true;
  }

  #end(from: Point, { image, shift }: PointerInput): Point {
    return clampPoint(shift ? snapEnd(from, image) : image, this.#host.picture);
  }

  #show(input: PointerInput): void {
    if (!this.#cut) return;
    const points = [this.#cut.from, this.#end(this.#cut.from, input)];
    this.#host.preview([{ id: null, classId: null, geometry: polygonOf(points), points }]);
  }
}
