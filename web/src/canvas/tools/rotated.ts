/**
 * Draws a rotated box: two clicks (or a drag) for one edge, a third click for the width. Shift snaps the edge to 15
 * degrees.
 */
import { clampPoint } from "../geometry/box";
import { polygonOf } from "../geometry/polygon";
import { boxOnEdge, snapEnd } from "../geometry/rotated";
import type { Point } from "../geometry/types";
import { farFrom } from "./tool";
import type { Draft, PointerInput, Tool, ToolHost } from "./tool";

type State =
  | { readonly type: "idle" }
  /** One end of the edge is set; it was pressed at `screen`. */
  | { readonly type: "edge"; readonly from: Point; readonly screen: Point; readonly pressed: boolean }
  | { readonly type: "width"; readonly from: Point; readonly to: Point; readonly screen: Point };

const IDLE: State = { type: "idle" };
/** Where no press can have begun. */
const NOWHERE: Point = [-Infinity, -Infinity];

export class RotatedTool implements Tool {
  readonly name = "rotated";
  readonly #host: ToolHost;
  #state: State = IDLE;
  /** The state before the present press. */
  #before: State | null = null;

  constructor(host: ToolHost) {
    this.#host = host;
  }

  get busy(): boolean {
    return this.#state.type !== "idle";
  }

  down(input: PointerInput): void {
    const state = this.#state;
    const { screen } = input;
    this.#before = state;
    if (state.type === "idle")
      this.#state = { type: "edge", from: clampPoint(input.image, this.#host.picture), screen, pressed: true };
    else if (state.type === "edge") this.#state = { ...state, pressed: true };
    this.#show(input);
  }

  move(input: PointerInput): void {
    this.#host.cursor("crosshair");
    this.#show(input);
  }

  up(input: PointerInput): void {
    const state = this.#state;
    this.#before = null;
    if (state.type === "edge" && state.pressed) {
      const ends = farFrom(input.screen, state.screen);
      const to = this.#end(state.from, input);
      this.#state = ends ? { type: "width", from: state.from, to, screen: input.screen } : { ...state, pressed: false };
    } else if (state.type === "width" && farFrom(input.screen, state.screen)) {
      const box = boxOnEdge(state.from, state.to, clampPoint(input.image, this.#host.picture));
      if (box) {
        this.cancel();
        this.#host.draw(box);
        return;
      }
    }
    this.#show(input);
  }

  cancel(): void {
    this.#state = IDLE;
    this.#before = null;
    this.#host.preview([]);
  }

  draft(): Draft | null {
    const state = this.#state;
    return state.type === "width" ? { points: [state.from, state.to] } : null;
  }

  resume({ points: [from, to] }: Draft): void {
    if (!from || !to) return;
    this.#state = { type: "width", from, to, screen: NOWHERE };
    this.#showPoints(from, to);
  }

  interrupt(): void {
    if (this.#before) this.#state = this.#before;
    this.#before = null;
    if (this.#state.type === "idle") this.#host.preview([]);
  }

  /** Takes the last point back. */
  back(): boolean {
    const state = this.#state;
    if (state.type === "idle") return false;
    if (state.type === "width") {
      this.#state = { type: "edge", from: state.from, screen: state.screen, pressed: false };
      this.#showPoints(state.from, state.from);
    } else this.cancel();
    return true;
  }

  #end(from: Point, { image, shift }: PointerInput): Point {
    const { picture } = this.#host;
    return clampPoint(shift ? snapEnd(from, image) : image, picture);
  }

  #show(input: PointerInput): void {
    const state = this.#state;
    if (state.type === "edge") this.#showPoints(state.from, this.#end(state.from, input));
    if (state.type !== "width") return;
    const geometry = boxOnEdge(state.from, state.to, clampPoint(input.image, this.#host.picture));
    if (geometry) this.#host.preview([{ id: null, classId: null, geometry }]);
    else this.#showPoints(state.from, state.to);
  }

  #showPoints(from: Point, to: Point): void {
    this.#host.preview([{ id: null, classId: null, geometry: polygonOf([from, to]), points: [from, to] }]);
  }
}
