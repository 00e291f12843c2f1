/**
 * Draws a polygon: click its vertices, then the first one again, the last one again (a double click) or press Enter.
 * Or an open line, which ends at its last vertex or by Enter only. Dragging follows the outline by hand and sets
 * vertices on the way.
 */
import { toImage, toScreen } from "../camera";
import { clampPoint } from "../geometry/box";
import { MIN_POINTS, lineThrough, polygonOf, polygonThrough } from "../geometry/polygon";
import type { Geometry, Point } from "../geometry/types";
import { TREMBLE, WORTH_KEEPING, farFrom } from "./tool";
import type { Draft, PointerInput, Tool, ToolHost } from "./tool";

type Press =
  | { readonly type: "none" }
  /** The button is down: a click that sets a vertex, or the beginning of a line drawn by hand. */
  | { readonly type: "pressed"; readonly screen: Point }
  | { readonly type: "tracing"; readonly last: Point };

const NONE: Press = { type: "none" };
/** CSS pixels between two vertices of a line drawn by hand, and around a vertex that still count as a click on it. */
const SPACING = 8;
const REACH = { pointer: 8, finger: 18 };
/** Fingers tremble more. */
const FINGER_TREMBLE = 12;

export class OutlineTool implements Tool {
  readonly name: "polygon" | "polyline";
  readonly #host: ToolHost;
  #points: readonly Point[] = [];
  /** Vertices taken back, the last one first. */
  #undone: readonly Point[] = [];
  #pointer: Point | null = null;
  #press = NONE;
  /** The vertices before the present press. */
  #before: readonly Point[] = [];

  constructor(host: ToolHost, name: "polygon" | "polyline") {
    this.#host = host;
    this.name = name;
  }

  get busy(): boolean {
    return this.#points.length > 0 || this.#press.type !== "none";
  }

  down(input: PointerInput): void {
    this.#press = { type: "pressed", screen: input.screen };
    this.#before = this.#points;
    this.move(input);
  }

  move(input: PointerInput): void {
    const inside = clampPoint(input.image, this.#host.picture);
    // A line drawn by hand follows the hand.
    this.#pointer = this.#press.type === "tracing" ? inside : this.#host.snap(inside);
    const press = this.#press;
    const tremble = input.touch ? FINGER_TREMBLE : TREMBLE;
    if (press.type === "pressed" && farFrom(input.screen, press.screen, tremble)) this.#begin(press.screen, input);
    else if (press.type === "tracing" && farFrom(input.screen, press.last, SPACING)) this.#trace(input);
    this.#host.cursor(this.#closes(input) ? "pointer" : "crosshair");
    this.#show();
  }

  up(input: PointerInput): void {
    const press = this.#press;
    this.#press = NONE;
    if (press.type === "pressed") this.#click(input);
    else if (press.type === "tracing") this.#lift(press.last, input);
    if (input.touch) this.#pointer = null;
    this.#show();
  }

  cancel(): void {
    this.#points = [];
    this.#undone = [];
    this.#pointer = null;
    this.#press = NONE;
    this.#show();
  }

  draft(): Draft | null {
    return this.#points.length < WORTH_KEEPING ? null : { points: this.#points };
  }

  resume({ points }: Draft): void {
    this.#set(points);
  }

  interrupt(): void {
    if (this.#press.type !== "none") this.#points = this.#before;
    this.#press = NONE;
    this.#pointer = null;
    this.#show();
  }

  finish(): boolean {
    if (this.#points.length === 0) return false;
    const through = this.name === "polygon" ? polygonThrough : lineThrough;
    const shape = through(this.#points, this.#host.picture);
    if (shape) {
      this.cancel();
      this.#host.draw(shape);
    }
    return true;
  }

  back(): boolean {
    const last = this.#points.at(-1);
    if (!last) return false;
    this.#undone = [...this.#undone, last];
    this.#set(this.#points.slice(0, -1));
    return true;
  }

  forth(): boolean {
    const again = this.#undone.at(-1);
    if (!again) return this.busy;
    this.#undone = this.#undone.slice(0, -1);
    this.#set([...this.#points, again]);
    return true;
  }

  #click(input: PointerInput): void {
    if (this.#closes(input)) this.finish();
    else if (!this.#isAt(this.#points.length - 1, input)) this.#add(this.#host.snap(input.image));
  }

  #begin(screen: Point, input: PointerInput): void {
    const goesOn = this.#isAt(this.#points.length - 1, { ...input, screen });
    if (!goesOn) this.#add(toImage(this.#host.camera, screen));
    this.#press = { type: "tracing", last: screen };
  }

  #trace(input: PointerInput): void {
    this.#press = { type: "tracing", last: input.screen };
    if (!this.#isStart(input)) this.#add(input.image);
  }

  /** The end of a line drawn by hand: at the first vertex it closes the outline. */
  #lift(last: Point, input: PointerInput): void {
    if (this.#isStart(input)) this.finish();
    else if (farFrom(input.screen, last)) this.#add(input.image);
  }

  /** Whether a click here ends the outline: on its first vertex, or once more on its last one. */
  #closes(input: PointerInput): boolean {
    if (this.#points.length < (this.name === "polygon" ? MIN_POINTS : 2)) return false;
    return this.#isStart(input) || (this.#press.type !== "tracing" && this.#isAt(this.#points.length - 1, input));
  }

  /** The first vertex closes a polygon; a line may end there as anywhere else. */
  #isStart(input: PointerInput): boolean {
    return this.name === "polygon" && this.#isAt(0, input);
  }

  #isAt(index: number, { screen, touch }: PointerInput): boolean {
    const point = this.#points[index];
    return (
      point !== undefined && !farFrom(toScreen(this.#host.camera, point), screen, touch ? REACH.finger : REACH.pointer)
    );
  }

  #add(point: Point): void {
    this.#undone = [];
    this.#set([...this.#points, clampPoint(point, this.#host.picture)]);
  }

  #set(points: readonly Point[]): void {
    this.#points = points;
    this.#show();
  }

  /** Shows what is set, and the line to the pointer. */
  #show(): void {
    const points = this.#points;
    this.#host.drawing(points.length);
    const way = this.#pointer ? [...points, this.#pointer] : points;
    const geometry: Geometry = this.name === "polygon" ? polygonOf(way) : { type: "polyline", points: way };
    this.#host.preview(points.length > 0 ? [{ id: null, classId: null, geometry, points }] : []);
  }
}
