/** Moves the picture with the pointer. */
import type { Point } from "../geometry/types";
import type { PointerInput, Tool, ToolHost } from "./tool";

type State = { readonly type: "idle" } | { readonly type: "dragging"; readonly last: Point };

export class PanTool implements Tool {
  readonly name = "pan";
  readonly #host: ToolHost;
  #state: State = { type: "idle" };

  constructor(host: ToolHost) {
    this.#host = host;
  }

  get busy(): boolean {
    return this.#state.type === "dragging";
  }

  down({ screen }: PointerInput): void {
    this.#state = { type: "dragging", last: screen };
    this.#host.cursor("grabbing");
  }

  move({ screen }: PointerInput): void {
    if (this.#state.type === "idle") {
      this.#host.cursor("grab");
      return;
    }
    const [x, y] = this.#state.last;
    this.#state = { type: "dragging", last: screen };
    this.#host.pan(screen[0] - x, screen[1] - y);
  }

  up(input: PointerInput): void {
    this.move(input);
    this.cancel();
  }

  cancel(): void {
    this.#state = { type: "idle" };
    this.#host.cursor("grab");
  }
}
