/** Measures a distance in image pixels: press, drag and release, or two clicks. It stays until the next one or Escape. */
import { clampPoint } from "../geometry/box";
import { snapEnd } from "../geometry/rotated";
import type { Point } from "../geometry/types";
import { farFrom } from "./tool";
import type { PointerInput, Tool, ToolHost } from "./tool";

interface Line {
  readonly from: Point;
  readonly screen: Point;
  readonly pressed: boolean;
  readonly done: boolean;
}

/** Length, width and height in pixels, and the angle to the right-hand side in degrees, anticlockwise. */
export function measured([ax, ay]: Point, [bx, by]: Point): string {
  const [dx, dy] = [bx - ax, by - ay];
  const angle = (Math.atan2(-dy, dx) * 180) / Math.PI;
  const [length, width, height] = [Math.hypot(dx, dy), Math.abs(dx), Math.abs(dy)].map((value) => value.toFixed(1));
  return `${length} px (${width} × ${height}, ${angle.toFixed(1).replace("-0.0", "0.0").replace("-", "−")}°)`;
}

export class MeasureTool implements Tool {
  readonly name = "measure";
  readonly #host: ToolHost;
  #line: Line | null = null;

  constructor(host: ToolHost) {
    this.#host = host;
  }

  get busy(): boolean {
    return this.#line !== null;
  }

  down({ image, screen, ...input }: PointerInput): void {
    const going = this.#line && !this.#line.done ? this.#line : null;
    const from = going?.from ?? clampPoint(this.#host.snap(image), this.#host.picture);
    this.#line = { from, screen: going?.screen ?? screen, pressed: true, done: false };
    this.#show({ image, screen, ...input });
  }

  move(input: PointerInput): void {
    this.#host.cursor("crosshair");
    this.#show(input);
  }

  up(input: PointerInput): void {
    if (!this.#line?.pressed) return;
    this.#show(input);
    this.#line = { ...this.#line, pressed: false, done: farFrom(input.screen, this.#line.screen) };
  }

  cancel(): void {
    this.#line = null;
    this.#host.preview([]);
  }

  back(): boolean {
    if (!this.#line) return false;
    this.cancel();
    return true;
  }

  #show({ image, shift }: PointerInput): void {
    if (!this.#line || this.#line.done) return;
    const { from } = this.#line;
    const to = clampPoint(shift ? snapEnd(from, image) : this.#host.snap(image), this.#host.picture);
    const points = [from, to];
    this.#host.preview([
      { id: null, classId: null, geometry: { type: "polyline", points }, points, text: measured(from, to) },
    ]);
  }
}
