/**
 * Draws a box, or the ellipse in it: press, drag and release; or click one corner, then the opposite one. Shift makes it
 * a square or a circle.
 */
import { boxFromCorners, clampPoint, isLargeEnough } from "../geometry/box";
import { ellipseInBox } from "../geometry/rotated";
import type { Box, Geometry, Point, Size } from "../geometry/types";
import { farFrom } from "./tool";
import type { PointerInput, Tool, ToolHost } from "./tool";

type State =
  | { readonly type: "idle" }
  /** The first corner is set and the button is down: a drag or the first of two clicks. */
  | { readonly type: "pressed"; readonly anchor: Point; readonly screen: Point }
  | { readonly type: "dragging"; readonly anchor: Point }
  /** The first corner was clicked; the box follows the pointer until the second click. */
  | { readonly type: "waiting"; readonly anchor: Point }
  | { readonly type: "closing"; readonly anchor: Point };

const IDLE: State = { type: "idle" };

/** The corner opposite to `anchor` that makes a square inside the picture. */
export function squareCorner([ax, ay]: Point, [px, py]: Point, size: Size): Point {
  const right = px >= ax;
  const down = py >= ay;
  const side = Math.min(
    Math.max(Math.abs(px - ax), Math.abs(py - ay)),
    right ? size.width - ax : ax,
    down ? size.height - ay : ay,
  );
  return [ax + (right ? side : -side), ay + (down ? side : -side)];
}

export class BoxTool implements Tool {
  readonly name: "box" | "ellipse";
  readonly #host: ToolHost;
  #state: State = IDLE;

  constructor(host: ToolHost, name: "box" | "ellipse") {
    this.#host = host;
    this.name = name;
  }

  get busy(): boolean {
    return this.#state.type !== "idle";
  }

  down(input: PointerInput): void {
    if (this.#state.type === "waiting") {
      this.#state = { type: "closing", anchor: this.#state.anchor };
      this.#show(this.#state.anchor, input);
      return;
    }
    this.#state = { type: "pressed", anchor: clampPoint(input.image, this.#host.picture), screen: input.screen };
  }

  move(input: PointerInput): void {
    this.#host.cursor("crosshair");
    const state = this.#state;
    if (state.type === "idle") return;
    if (state.type === "pressed") {
      if (!farFrom(input.screen, state.screen)) return;
      this.#state = { type: "dragging", anchor: state.anchor };
    }
    this.#show(state.anchor, input);
  }

  up(input: PointerInput): void {
    const state = this.#state;
    if (state.type === "pressed") {
      this.#state = { type: "waiting", anchor: state.anchor };
    } else if (state.type === "dragging" || state.type === "closing") {
      this.#finish(state.anchor, input);
    }
  }

  cancel(): void {
    this.#state = IDLE;
    this.#host.preview([]);
  }

  /** A first corner that was clicked stays. */
  interrupt(): void {
    const state = this.#state;
    if (state.type === "closing") this.#state = { type: "waiting", anchor: state.anchor };
    else if (state.type !== "waiting") this.cancel();
  }

  back(): boolean {
    if (this.#state.type !== "waiting") return false;
    this.cancel();
    return true;
  }

  #shape(box: Box): Geometry {
    return this.name === "box" || !isLargeEnough(box) ? box : ellipseInBox(box);
  }

  #corner(anchor: Point, { image, shift }: PointerInput): Point {
    const point = clampPoint(image, this.#host.picture);
    return shift ? squareCorner(anchor, point, this.#host.picture) : point;
  }

  #show(anchor: Point, input: PointerInput): void {
    const geometry = this.#shape(boxFromCorners(anchor, this.#corner(anchor, input)));
    this.#host.preview([{ id: null, classId: null, geometry }]);
  }

  #finish(anchor: Point, input: PointerInput): void {
    this.cancel();
    const box = boxFromCorners(anchor, this.#corner(anchor, input));
    if (isLargeEnough(box)) this.#host.draw(this.#shape(box));
  }
}
