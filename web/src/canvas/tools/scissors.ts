/**
 * Intelligent scissors: click on an edge, and the outline follows the strongest edges to the pointer. Each click fixes
 * the way so far; the first point, the last one again (a double click) or Enter closes the outline, also along edges.
 * Shift goes straight. The ways are found elsewhere: what the hand does before the answer to a click is there waits.
 */
import { toScreen } from "../camera";
import { clampPoint } from "../geometry/box";
import { polygonOf, polygonThrough } from "../geometry/polygon";
import { simplifiedRing } from "../geometry/simplify";
import type { Point } from "../geometry/types";
import { Later } from "./later";
import { WORTH_KEEPING, farFrom } from "./tool";
import type { Draft, PointerInput, Tool, ToolHost } from "./tool";

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
  /** Image pixels from one sample to the next. */
  #step = 1;
  #pointer: readonly Point[] = [];
  /** The points of the ways so far, which are not gone a second time. */
  #taken = new Float64Array();
  /** The way to a click, or the one that closes the outline, may be on its way. */
  readonly #later = new Later();

  constructor(host: ToolHost) {
    this.#host = host;
  }

  get busy(): boolean {
    return this.#knots.length > 0 || this.#pressed || this.#later.awaits;
  }

  down(input: PointerInput): void {
    if (this.#later.puts(() => this.down(input))) return;
    this.#pressed = true;
    this.move(input);
  }

  move(input: PointerInput): void {
    this.#host.cursor(this.#closes(input) ? "pointer" : "crosshair");
    // Where nothing waits, a way to the pointer of just now would only be in the way of the one that is awaited.
    if (this.#later.awaits) {
      if (!this.#later.isEmpty) this.#later.puts(() => this.move(input));
      return;
    }
    if (this.#knots.length === 0) return;
    this.#follow(input.image, input.shift, (way) => {
      this.#pointer = way;
      this.#show();
    });
  }

  up(input: PointerInput): void {
    if (this.#later.puts(() => this.up(input)) || !this.#pressed) return;
    this.#pressed = false;
    if (this.#closes(input)) this.finish();
    else if (!this.#isAt(this.#knots.length - 1, input)) this.#fix(input);
  }

  cancel(): void {
    this.#undone = [];
    this.#pressed = false;
    this.#later.drop();
    this.#set([]);
  }

  draft(): Draft | null {
    if (this.#knots.length < WORTH_KEEPING) return null;
    return { points: this.#knots.map(({ at }) => at), ways: this.#knots.map(({ way }) => way) };
  }

  resume({ points, ways = [] }: Draft): void {
    this.#set(points.map((at, i) => ({ at, way: ways[i] ?? [at] })));
  }

  leave(): void {
    if (this.#later.awaits && !this.draft()) this.#host.refuse("outline lost");
  }

  interrupt(): void {
    this.#pressed = false;
    this.#pointer = [];
    this.#show();
  }

  finish(): boolean {
    if (this.#later.puts(() => this.finish())) return true;
    const first = this.#knots[0];
    if (!first) return false;
    if (this.#knots.length < ENOUGH) return true;
    this.#await(first.at, false, (way) => this.#close(way));
    return true;
  }

  #close(way: readonly Point[]): void {
    const ring = [...this.#line, ...way];
    const tolerance = Math.max(this.#host.tolerance, this.#step);
    const shape = polygonThrough(simplifiedRing(ring, tolerance), this.#host.picture);
    if (shape) {
      this.cancel();
      this.#host.draw(shape);
    }
  }

  back(): boolean {
    // What is still on its way is taken back first.
    if (this.#later.awaits) {
      this.#later.drop();
      this.#set(this.#knots);
      return true;
    }
    const last = this.#knots.at(-1);
    if (!last) return false;
    this.#undone = [...this.#undone, last];
    this.#set(this.#knots.slice(0, -1));
    return true;
  }

  forth(): boolean {
    if (this.#later.awaits) return true;
    const again = this.#undone.at(-1);
    if (!again) return this.busy;
    this.#undone = this.#undone.slice(0, -1);
    this.#set([...this.#knots, again]);
    return true;
  }

  #fix({ image, shift, touch }: PointerInput): void {
    this.#await(image, shift, (way) => {
      const at = way.at(-1);
      if (!at) return;
      this.#undone = [];
      this.#set([...this.#knots, { at, way }]);
      if (!touch) return;
      this.#pointer = [];
      this.#show();
    });
  }

  /** Asks for a way that stays, and goes on with what the hand did meanwhile. */
  #await(to: Point, straight: boolean, then: (way: readonly Point[]) => void): void {
    this.#host.look(null);
    this.#later.awaits = true;
    this.#follow(to, straight, (way) => {
      this.#later.awaits = false;
      then(way);
      this.#later.goOn();
    });
  }

  /** Asks for the way from the last click to a point; the first click only comes to lie on a whole sample. */
  #follow(to: Point, straight: boolean, then: (way: readonly Point[]) => void): void {
    const { picture } = this.#host;
    const from = this.#knots.at(-1)?.at ?? null;
    const question = { type: "way", from, to: clampPoint(to, picture), taken: this.#taken, straight } as const;
    const isHere = this.#host.look(
      question,
      ({ step, way }) => {
        this.#step = step;
        then(way.map((point) => clampPoint(point, picture)));
      },
      "screen",
    );
    if (isHere) return;
    this.#later.drop();
    this.#host.refuse("no colours");
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
    this.#taken = Float64Array.from(this.#line.flat());
    this.#pointer = [];
    this.#host.look(null);
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
