/**
 * Draws a box by four clicks on the outermost points of an object, in any order (Papadopoulos et al., 2017): quicker
 * and more exact than corners, which lie on nothing that one can see.
 */
import { boxFromCorners, boxOf, clampPoint, isLargeEnough } from "../geometry/box";
import type { Box, Point } from "../geometry/types";
import { WORTH_KEEPING } from "./tool";
import type { Draft, PointerInput, Tool, ToolHost } from "./tool";

const POINTS = 4;

/** The box that just holds all points. */
export function boxAround(points: readonly Point[]): Box {
  const [xs, ys] = [points.map(([x]) => x), points.map(([, y]) => y)];
  return boxOf([Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys)]);
}

export class ExtremesTool implements Tool {
  readonly name = "box";
  readonly #host: ToolHost;
  #points: readonly Point[] = [];
  /** Points taken back, the last one first. */
  #undone: readonly Point[] = [];
  #pressed = false;

  constructor(host: ToolHost) {
    this.#host = host;
  }

  get busy(): boolean {
    return this.#points.length > 0 || this.#pressed;
  }

  down(): void {
    this.#pressed = true;
  }

  move(input: PointerInput): void {
    this.#host.cursor("crosshair");
    this.#show(clampPoint(input.image, this.#host.picture));
  }

  up(input: PointerInput): void {
    if (!this.#pressed) return;
    this.#pressed = false;
    const points = [...this.#points, clampPoint(input.image, this.#host.picture)];
    this.#points = points;
    this.#undone = [];
    if (points.length < POINTS) {
      this.#show();
      return;
    }
    const box = boxAround(points);
    this.cancel();
    if (isLargeEnough(box)) this.#host.draw(box);
  }

  cancel(): void {
    this.#points = [];
    this.#undone = [];
    this.#pressed = false;
    this.#host.preview([]);
  }

  draft(): Draft | null {
    return this.#points.length < WORTH_KEEPING ? null : { points: this.#points };
  }

  resume({ points }: Draft): void {
    this.#points = points;
    this.#show();
  }

  interrupt(): void {
    this.#pressed = false;
  }

  back(): boolean {
    const last = this.#points.at(-1);
    if (!last) return false;
    this.#undone = [...this.#undone, last];
    this.#points = this.#points.slice(0, -1);
    this.#show();
    return true;
  }

  forth(): boolean {
    const again = this.#undone.at(-1);
    if (!again) return this.busy;
    this.#undone = this.#undone.slice(0, -1);
    this.#points = [...this.#points, again];
    this.#show();
    return true;
  }

  #show(pointer?: Point): void {
    const points = this.#points;
    const [first] = points;
    if (!first) {
      this.#host.preview([]);
      return;
    }
    const around = boxAround(pointer ? [...points, pointer] : points);
    // A first point alone has no extent; the screen wants a shape all the same.
    const geometry = points.length === 1 && !pointer ? boxFromCorners(first, first) : around;
    this.#host.preview([{ id: null, classId: null, geometry, points }]);
  }
}
