/**
 * Magic wand: a press takes what has the colour under the pointer and hangs together with it; a drag to the right or up
 * lets more colours in, to the left or down fewer. Shift adds to the selected shape, Alt takes from it. Each press is
 * one step of undo. Until something else is done, the keys for less and more try the last press again. Which pixels hang
 * together is found elsewhere: what the hand does before the answer to a press is there waits for it.
 */
import { clamp } from "../geometry/box";
import { columnsOf } from "../geometry/raster";
import type { Columns } from "../geometry/raster";
import { boundsOf, union } from "../geometry/shape";
import { NONE } from "../geometry/spans";
import type { Bounds, Geometry, Point, Size } from "../geometry/types";
import { isArea } from "../geometry/wand";
import { edited } from "../store/changes";
import type { Annotation } from "../store/changes";
import { Later } from "./later";
import { farFrom } from "./tool";
import type { PointerInput, Tool, ToolHost, ToolName } from "./tool";

/** Steps of colour (of 254) that may be let in. */
export const MOST_TOLERANCE = 200;
/** CSS pixels of a drag for one step. */
const PIXELS_A_STEP = 3;

/** What one press looks at: it can be tried again with another tolerance. */
interface Spot {
  readonly at: Point;
  /** The shape that is added to, or taken from. */
  readonly target: Annotation | null;
  readonly takes: boolean;
  readonly shape: "mask" | "polygon";
}

interface Press extends Spot {
  readonly screen: Point;
  /** The tolerance at the beginning. */
  readonly from: number;
  readonly dragging: boolean;
}

/** A press that was let go, or the last one tried again (`instead` of what it made). */
interface Sought extends Spot {
  readonly instead: Geometry | null;
}

const NOWHERE: Bounds = [0, 0, 0, 0];
const isInside = ([x, y]: Point, { width, height }: Size): boolean => x >= 0 && y >= 0 && x < width && y < height;

export class WandTool implements Tool {
  readonly name = "wand";
  readonly #host: ToolHost;
  #press: Press | null = null;
  #sought: Sought | null = null;
  readonly #later = new Later();
  #shown: Columns | null = null;
  /** Another tool is in the hand: what was pressed is done all the same, once its answer is there. */
  #away = false;
  /** The last press and what it made. */
  #last: (Spot & { readonly made: Geometry }) | null = null;

  constructor(host: ToolHost) {
    this.#host = host;
  }

  get busy(): boolean {
    return this.#press !== null || (this.#sought !== null && !this.#away);
  }

  down(input: PointerInput): void {
    if (this.#later.puts(() => this.down(input))) return;
    const spot = isInside(input.image, this.#host.picture) ? this.#spot(input) : null;
    if (!spot) return;
    this.#press = { ...spot, screen: input.screen, from: this.#host.wand.tolerance, dragging: false };
    this.#show();
  }

  #spot(input: PointerInput): Spot | null {
    const { wand } = this.#host;
    const way = input.alt ? "take" : input.shift ? "add" : wand.way;
    const takes = way === "take";
    const target = way === "new" ? null : this.#target(input, takes);
    if (takes && !target) return null;
    const shape = (target?.geometry.type ?? wand.shape) === "polygon" ? "polygon" : "mask";
    return { at: input.image, target, takes, shape };
  }

  move(input: PointerInput): void {
    if (!this.#away) this.#host.cursor("crosshair");
    if (!this.#later.isEmpty && this.#later.puts(() => this.move(input))) return;
    const press = this.#press;
    if (!press) return;
    const dragging = press.dragging || farFrom(input.screen, press.screen, input.touch ? 12 : undefined);
    if (!dragging) return;
    this.#press = { ...press, dragging };
    const far = input.screen[0] - press.screen[0] - (input.screen[1] - press.screen[1]);
    const tolerance = clamp(press.from + Math.round(far / PIXELS_A_STEP), 0, MOST_TOLERANCE);
    if (tolerance === this.#host.wand.tolerance) return;
    this.#host.setWand({ tolerance });
    this.#show();
  }

  up(input: PointerInput): void {
    if (this.#later.puts(() => this.up(input))) return;
    this.move(input);
    const press = this.#press;
    this.#press = null;
    if (press) this.#seek({ ...press, instead: null });
  }

  cancel(): void {
    const press = this.#press;
    [this.#press, this.#sought, this.#away] = [null, null, false];
    this.#later.drop();
    this.#host.look(null);
    if (press) this.#host.setWand({ tolerance: press.from });
    this.#hide();
  }

  /** The scissors ask about colours too, and another picture has others: then the press is lost. */
  leave(to: ToolName | null): void {
    if (!this.#sought) return;
    if (to === null || to === "scissors") {
      this.cancel();
      this.#host.refuse("press lost");
      return;
    }
    this.#away = true;
    this.#hide();
  }

  /** Takes back a press that has no answer yet. */
  back(): boolean {
    if (!this.#sought) return false;
    this.cancel();
    return true;
  }

  /** Ends a shape: what comes next does not change it any more. */
  finish(): boolean {
    if (this.#later.puts(() => this.finish())) return true;
    const only = this.#only();
    this.#last = null;
    if (!only || !isArea(only.geometry)) return false;
    this.#host.select([]);
    return true;
  }

  /** The tolerance has changed: the last press is tried again, as long as nothing else was done to what it made. */
  again(): void {
    const [last, only] = [this.#last, this.#only()];
    if (this.#sought) this.#seek(this.#sought);
    else if (last && only?.geometry === last.made) this.#seek({ ...last, instead: last.made });
    else this.#last = null;
  }

  /** Forgets what was looked at last. */
  rest(): void {
    this.#last = null;
  }

  #only(): Annotation | undefined {
    const [id, more] = this.#host.selected;
    return id === undefined || more !== undefined ? undefined : this.#host.get(id);
  }

  /** The shape that is added to or taken from; one under the pointer where none is selected and something is taken. */
  #target(input: PointerInput, takes: boolean): Annotation | null {
    const free = (one: Annotation | undefined): one is Annotation =>
      one !== undefined && isArea(one.geometry) && !this.#host.isLocked(one.id);
    const only = this.#only();
    if (free(only)) return only;
    const under = takes ? this.#host.hits(input).find(free) : undefined;
    if (under) this.#host.select([under.id]);
    return under ?? null;
  }

  /** Asks for the pixels of a spot; false where the picture is not here. */
  #ask(spot: Spot, shape: "mask" | "polygon", fine: boolean, then: (found: Geometry | null) => void): boolean {
    const { tolerance: slack, wand } = this.#host;
    const { at, takes, target } = spot;
    const base = target && target.geometry;
    const { tolerance } = wand;
    const question = { type: "area", at, tolerance, base, takes, shape, slack } as const;
    return this.#host.look(question, ({ geometry }) => then(geometry), fine ? "all" : "few");
  }

  /** Looks at all pixels, where the hand saw only so many that it need not wait. */
  #seek(sought: Sought): void {
    this.#sought = sought;
    this.#later.awaits = true;
    this.#host.look(null);
    if (this.#ask(sought, sought.shape, true, (found) => this.#found(sought, found))) return;
    this.cancel();
    this.#host.refuse("no colours");
  }

  #found(sought: Sought, made: Geometry | null): void {
    this.#sought = null;
    this.#later.awaits = false;
    this.#hide();
    if (made?.type === "mask" && sought.shape === "polygon") this.#host.refuse("too fine");
    if (sought.instead) this.#replace(sought, sought.instead, made);
    else this.#commit(sought, made);
    this.#later.goOn();
    this.#away &&= this.#later.awaits;
  }

  /** Nothing is done where somebody else has changed the shape meanwhile: it was not what the answer is about. */
  #commit(spot: Sought, made: Geometry | null): void {
    const { target } = spot;
    if (!target) {
      if (made) this.#host.draw(made);
    } else if (this.#host.get(target.id)?.geometry !== target.geometry) return;
    else if (made) this.#host.commit([edited(target, { geometry: made })]);
    else this.#host.commit([{ op: "delete", annotation: target }]);
    this.#last = made && this.#only()?.geometry === made ? { ...spot, made } : null;
  }

  #replace(spot: Sought, before: Geometry, made: Geometry | null): void {
    const only = this.#only();
    if (!made || only?.geometry !== before) return;
    this.#host.commit([edited(only, { geometry: made })], "wand");
    // Where nothing has changed the shape is the one from before.
    this.#last = { ...spot, made: this.#host.get(only.id)?.geometry ?? made };
  }

  #show(): void {
    const press = this.#press;
    if (!press) return;
    const isHere = this.#ask(press, "mask", false, (found) => this.#ink(press.target, found));
    if (isHere) return;
    this.#press = null;
    this.#host.refuse("no colours");
  }

  #ink(target: Annotation | null, found: Geometry | null): void {
    const before = this.#shown?.bounds ?? (target && boundsOf(target.geometry));
    const pixels =
      found?.type === "mask" ? columnsOf(found) : { ...this.#host.picture, bounds: NOWHERE, column: () => NONE };
    this.#shown = pixels;
    const { id, class_id: classId } = target ?? { id: null, class_id: null };
    this.#host.ink({ id, classId, pixels }, before ? union(before, pixels.bounds) : pixels.bounds);
  }

  #hide(): void {
    const shown = this.#shown;
    this.#shown = null;
    if (shown) this.#host.ink(null, shown.bounds);
  }
}
