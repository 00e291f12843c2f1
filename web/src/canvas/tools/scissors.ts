/**
 * Intelligent scissors: click on an edge, and the outline follows the strongest edges to the pointer. Each click fixes
 * the way so far; the first point, the last one again (a double click) or Enter closes the outline, also along edges.
 * Shift goes straight.
 */
import { toScreen } from "../camera";
import { clampPoint } from "../geometry/box";
import { polygonOf, polygonThrough } from "../geometry/polygon";
import { simplifiedRing } from "../geometry/simplify";
import type { Point } from "../geometry/types";
import { Wire } from "../geometry/wire";
import { farFrom } from "./tool";
import type { PointerInput, Tool, ToolHost } from "./tool";

/** A click, and the way that leads to it from the one before, its own place included. */
interface Knot {
  readonly at: Point;
  readonly way: readonly Point[];
}

/** Fewest clicks of an outline: the way back takes other edges than the way there. */
const ENOUGH = 2;
/** CSS pixels around a click that still count as a click on it. */
const REACH = { pointer: 8, finger: 18 };

export class ScissorsTool implements Tool {
  readonly name = "scissors";
  readonly #host: ToolHost;
  #knots: readonly Knot[] = [];
  /** Clicks taken back, the last one first. */
  #undone: readonly Knot[] = [];
  #pressed = false;
  /** From the last click on; made when it is first needed. */
  #wire: Wire | null = null;
  /** Image pixels from one sample to the next. */
  #step = 1;
  #pointer: readonly Point[] = [];

  constructor(host: ToolHost) {
    this.#host = host;
  }

  get busy(): boolean {
    return this.#knots.length > 0 || this.#pressed;
  }

  down(input: PointerInput): void {
    if (!this.#host.sampler("screen")) {
      this.#host.refuse("no colours");
      return;
    }
    this.#pressed = true;
    this.move(input);
  }

  move(input: PointerInput): void {
    this.#host.cursor(this.#closes(input) ? "pointer" : "crosshair");
    if (this.#knots.length === 0) return;
    this.#pointer = this.#wayTo(input);
    this.#show();
  }

  up(input: PointerInput): void {
    if (!this.#pressed) return;
    this.#pressed = false;
    if (this.#closes(input)) this.finish();
    else if (!this.#isAt(this.#knots.length - 1, input)) this.#fix(input);
    if (input.touch) this.#pointer = [];
    this.#show();
  }

  cancel(): void {
    this.#undone = [];
    this.#pressed = false;
    this.#set([]);
  }

  interrupt(): void {
    this.#pressed = false;
    this.#pointer = [];
    this.#show();
  }

  finish(): boolean {
    const first = this.#knots[0];
    if (!first) return false;
    if (this.#knots.length < ENOUGH) return true;
    const ring = [...this.#line, ...this.#follow(first.at)];
    const tolerance = Math.max(this.#host.tolerance, this.#step);
    const shape = polygonThrough(simplifiedRing(ring, tolerance), this.#host.picture);
    if (shape) {
      this.cancel();
      this.#host.draw(shape);
    }
    return true;
  }

  back(): boolean {
    const last = this.#knots.at(-1);
    if (!last) return false;
    this.#undone = [...this.#undone, last];
    this.#set(this.#knots.slice(0, -1));
    return true;
  }

  forth(): boolean {
    const again = this.#undone.at(-1);
    if (!again) return this.busy;
    this.#undone = this.#undone.slice(0, -1);
    this.#set([...this.#knots, again]);
    return true;
  }

  #fix(input: PointerInput): void {
    const way = this.#knots.length === 0 ? [this.#place(input.image)] : this.#wayTo(input);
    const at = way.at(-1);
    if (!at) return;
    this.#undone = [];
    this.#set([...this.#knots, { at, way }]);
  }

  #wayTo({ image, shift }: PointerInput): readonly Point[] {
    const to = this.#place(image);
    return shift ? [to] : this.#follow(to);
  }

  /** Whole samples: between them there is no edge to lie on. */
  #place(point: Point): Point {
    const { picture } = this.#host;
    const step = this.#host.sampler("screen")?.step ?? 1;
    const [x, y] = clampPoint(point, picture);
    return clampPoint([Math.round(x / step) * step, Math.round(y / step) * step], picture);
  }

  #follow(to: Point): readonly Point[] {
    const last = this.#knots.at(-1);
    const sampler = this.#wire ? null : this.#host.sampler("screen");
    if (last && sampler) {
      this.#wire = new Wire(sampler, last.at, this.#line);
      this.#step = sampler.step;
    }
    return this.#wire?.to(to).map((point) => clampPoint(point, this.#host.picture)) ?? [to];
  }

  get #line(): readonly Point[] {
    return this.#knots.flatMap(({ way }) => way);
  }

  #closes(input: PointerInput): boolean {
    const last = this.#knots.length - 1;
    return last + 1 >= ENOUGH && (this.#isAt(0, input) || this.#isAt(last, input));
  }

  #isAt(index: number, { screen, touch }: PointerInput): boolean {
    const knot = this.#knots[index];
    return (
      knot !== undefined && !farFrom(toScreen(this.#host.camera, knot.at), screen, touch ? REACH.finger : REACH.pointer)
    );
  }

  #set(knots: readonly Knot[]): void {
    this.#knots = knots;
    this.#wire = null;
    this.#pointer = [];
    this.#show();
  }

  /** Shows what is fixed, and the way to the pointer. */
  #show(): void {
    this.#host.drawing(this.#knots.length);
    const path = this.#line;
    const points = this.#knots.map(({ at }) => at);
    const geometry = polygonOf([...path, ...this.#pointer]);
    this.#host.preview(points.length > 0 ? [{ id: null, classId: null, geometry, points, path }] : []);
  }
}
