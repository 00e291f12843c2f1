/**
 * Says where an object is and lets somebody else find its outline: click on it, Alt+click beside it, drag a box around
 * it. Each click asks anew; what was found for an older one is not looked at any more. Enter takes what is shown.
 */
import { boxFromCorners, clampPoint, isLargeEnough } from "../geometry/box";
import type { Bounds, Geometry, Point } from "../geometry/types";
import { farFrom } from "./tool";
import type { Mark, PointerInput, Prompt, Tool, ToolHost } from "./tool";

type Press =
  | { readonly type: "none" }
  | { readonly type: "pressed"; readonly anchor: Point; readonly screen: Point }
  | { readonly type: "dragging"; readonly anchor: Point; readonly box: Bounds };

/** One step that can be taken back: a click, or a box in place of an earlier one. */
type Step = { readonly mark: Mark } | { readonly box: Bounds };

const NONE: Press = { type: "none" };
/** A click on the very edge of the picture means its last pixel. */
const INSET = 0.01;

const isBox = (step: Step): step is { readonly box: Bounds } => "box" in step;
const boundsOf = (a: Point, b: Point): Bounds => {
  const { x0, y0, x1, y1 } = boxFromCorners(a, b);
  return [x0, y0, x1, y1];
};

export class SmartTool implements Tool {
  readonly name = "smart";
  readonly #host: ToolHost;
  #steps: readonly Step[] = [];
  /** Steps taken back, the last one first. */
  #undone: readonly Step[] = [];
  #press = NONE;
  #found: Geometry | null = null;
  /** The number of the newest question. */
  #asked = 0;
  #waiting = false;

  constructor(host: ToolHost) {
    this.#host = host;
  }

  get busy(): boolean {
    return this.#steps.length > 0 || this.#press.type !== "none";
  }

  down(input: PointerInput): void {
    this.#press = { type: "pressed", anchor: clampPoint(input.image, this.#host.picture), screen: input.screen };
  }

  move(input: PointerInput): void {
    this.#host.cursor("crosshair");
    const press = this.#press;
    if (press.type === "none") return;
    if (press.type === "pressed" && !farFrom(input.screen, press.screen, input.touch ? 12 : undefined)) return;
    const box = boundsOf(press.anchor, clampPoint(input.image, this.#host.picture));
    this.#press = { type: "dragging", anchor: press.anchor, box };
    this.#show();
  }

  up(input: PointerInput): void {
    const press = this.#press;
    this.#press = NONE;
    if (press.type === "pressed") this.#click(press.anchor, input.alt !== this.#host.beside);
    else if (press.type === "dragging") this.#drag(press.box);
  }

  cancel(): void {
    this.#press = NONE;
    this.#undone = [];
    this.#set([]);
  }

  leave(): void {
    if (this.#waiting || this.#found) this.#host.refuse("outline lost");
  }

  interrupt(): void {
    this.#press = NONE;
    this.#show();
  }

  /** Takes what was found; waits where nothing is there yet. */
  finish(): boolean {
    if (this.#steps.length === 0) return false;
    const found = this.#waiting ? null : this.#found;
    if (found) {
      this.cancel();
      this.#host.draw(this.#host.shaped(found));
    }
    return true;
  }

  back(): boolean {
    const last = this.#steps.at(-1);
    if (!last) return false;
    this.#undone = [...this.#undone, last];
    this.#set(this.#steps.slice(0, -1));
    return true;
  }

  forth(): boolean {
    const again = this.#undone.at(-1);
    if (!again) return this.busy;
    this.#undone = this.#undone.slice(0, -1);
    this.#set([...this.#steps, again]);
    return true;
  }

  /** What was found for a question; `null` where nothing was. Answers to older questions count no more. */
  answer(question: number, found: Geometry | null): void {
    if (question !== this.#asked || !this.#waiting) return;
    this.#waiting = false;
    this.#found = found;
    this.#show();
  }

  #click([x, y]: Point, beside: boolean): void {
    const { width, height } = this.#host.picture;
    const at: Point = [Math.min(x, width - INSET), Math.min(y, height - INSET)];
    this.#undone = [];
    this.#set([...this.#steps, { mark: { at, inside: !beside } }]);
  }

  #drag(box: Bounds): void {
    const [x0, y0, x1, y1] = box;
    this.#undone = [];
    if (isLargeEnough({ type: "box", x0, y0, x1, y1 })) this.#set([...this.#steps, { box }]);
    else this.#show();
  }

  get #box(): Bounds | null {
    return this.#steps.filter(isBox).at(-1)?.box ?? null;
  }

  get #marks(): Mark[] {
    return this.#steps.flatMap((step) => (isBox(step) ? [] : [step.mark]));
  }

  #set(steps: readonly Step[]): void {
    this.#steps = steps;
    this.#asked += 1;
    const prompt = this.#prompt();
    this.#waiting = prompt !== null;
    if (!prompt) this.#found = null;
    this.#host.ask(prompt);
    this.#show();
  }

  /** Null where nothing can be sought: no step, or only clicks beside the object. */
  #prompt(): Prompt | null {
    const [box, marks] = [this.#box, this.#marks];
    if (!box && !marks.some(({ inside }) => inside)) return null;
    const side = (wanted: boolean): Point[] => marks.flatMap(({ at, inside }) => (inside === wanted ? [at] : []));
    return { question: this.#asked, box, inside: side(true), outside: side(false) };
  }

  #show(): void {
    const host = this.#host;
    host.sketched({ steps: this.#steps.length, waiting: this.#waiting, found: this.#found !== null });
    const press = this.#press;
    const box = press.type === "dragging" ? press.box : this.#box;
    const marks = this.#marks;
    const boxed: Geometry[] = box ? [{ type: "box", x0: box[0], y0: box[1], x1: box[2], y1: box[3] }] : [];
    const shown = press.type === "dragging" ? null : this.#found;
    const shapes = shown ? [shown] : boxed;
    const [first] = marks;
    if (shapes.length === 0 && first) {
      const [x, y] = first.at;
      shapes.push({ type: "box", x0: x, y0: y, x1: x, y1: y });
    }
    host.preview(shapes.map((geometry) => ({ id: null, classId: null, geometry, marks })));
  }
}
