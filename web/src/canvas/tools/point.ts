/** Sets a single point: click, or press and put it in its place before letting go. */
import { clampPoint } from "../geometry/box";
import type { Points } from "../geometry/types";
import type { PointerInput, Tool, ToolHost } from "./tool";

export class PointTool implements Tool {
  readonly name = "point";
  readonly #host: ToolHost;
  #pressed = false;

  constructor(host: ToolHost) {
    this.#host = host;
  }

  get busy(): boolean {
    return this.#pressed;
  }

  down(input: PointerInput): void {
    this.#pressed = true;
    this.move(input);
  }

  move(input: PointerInput): void {
    this.#host.cursor("crosshair");
    if (this.#pressed) this.#host.preview([{ id: null, classId: null, geometry: this.#at(input) }]);
  }

  up(input: PointerInput): void {
    if (!this.#pressed) return;
    this.cancel();
    this.#host.draw(this.#at(input));
  }

  cancel(): void {
    this.#pressed = false;
    this.#host.preview([]);
  }

  #at({ image }: PointerInput): Points {
    return { type: "points", points: [clampPoint(this.#host.snap(image), this.#host.picture)] };
  }
}
