/**
 * Magic wand: a press takes what has the colour under the pointer and hangs together with it; a drag to the right or up
 * lets more colours in, to the left or down fewer. Shift adds to the selected shape, Alt takes from it. Each press is
 * one step of undo. Until something else is done, the keys for less and more try the last press again.
 */
import { clamp } from "../geometry/box";
import { columnsOfFlood, Flood } from "../geometry/flood";
import { columnsOf } from "../geometry/raster";
import type { Columns } from "../geometry/raster";
import { union } from "../geometry/shape";
import type { Geometry, Mask, Point, Size } from "../geometry/types";
import { combined, isArea, maskOfColumns, outlineWithin, pixelsOfArea } from "../geometry/wand";
import { distances, sampleAt } from "../samples";
import type { Sampler } from "../samples";
import { edited } from "../store/changes";
import type { Annotation } from "../store/changes";
import { farFrom } from "./tool";
import type { PointerInput, Tool, ToolHost } from "./tool";

/** Steps of colour (of 254) that may be let in. */
export const MOST_TOLERANCE = 200;
/** CSS pixels of a drag for one step. */
const PIXELS_A_STEP = 3;
/** Most corners of a polygon, as in the domain. */
const MOST_CORNERS = 100_000;

/** What one press looks at: it can be tried again with another tolerance. */
interface Spot {
  readonly sampler: Sampler;
  readonly flood: Flood;
  readonly base: Mask | null;
  readonly takes: boolean;
  readonly polygon: boolean;
}

interface Press extends Spot {
  /** The same with fewer samples where there are very many: what the hand sees while it is down. */
  readonly quick: Spot;
  readonly target: Annotation | null;
  readonly screen: Point;
  /** The tolerance at the beginning. */
  readonly from: number;
  readonly dragging: boolean;
}

const isInside = ([x, y]: Point, { width, height }: Size): boolean => x >= 0 && y >= 0 && x < width && y < height;

export class WandTool implements Tool {
  readonly name = "wand";
  readonly #host: ToolHost;
  #press: Press | null = null;
  #shown: Columns | null = null;
  /** The last press and what it made. */
  #last: (Spot & { readonly made: Geometry }) | null = null;

  constructor(host: ToolHost) {
    this.#host = host;
  }

  get busy(): boolean {
    return this.#press !== null;
  }

  down(input: PointerInput): void {
    const { wand } = this.#host;
    const way = input.alt ? "take" : input.shift ? "add" : wand.way;
    if (!isInside(input.image, this.#host.picture)) return;
    const target = way === "new" ? null : this.#target(input, way === "take");
    if (way === "take" && !target) return;
    const spots = (["all", "few"] as const).map((fineness) =>
      this.#spot(fineness, input.image, target?.geometry ?? null, way === "take"),
    );
    const [spot, quick] = spots;
    if (!spot || !quick) {
      this.#host.refuse("no colours");
      return;
    }
    this.#press = { ...spot, quick, target, screen: input.screen, from: wand.tolerance, dragging: false };
    this.#show();
  }

  move(input: PointerInput): void {
    this.#host.cursor("crosshair");
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
    this.move(input);
    const press = this.#press;
    this.#press = null;
    if (!press) return;
    const made = this.#made(press);
    this.#hide();
    this.#commit(press.target, made);
    this.#last = made && this.#only()?.geometry === made ? { ...press, made } : null;
  }

  cancel(): void {
    const press = this.#press;
    this.#press = null;
    if (press) this.#host.setWand({ tolerance: press.from });
    this.#hide();
  }

  /** Ends a shape: what comes next does not change it any more. */
  finish(): boolean {
    const only = this.#only();
    this.#last = null;
    if (!only || !isArea(only.geometry)) return false;
    this.#host.select([]);
    return true;
  }

  /** The tolerance has changed: the last press is tried again, as long as nothing else was done to what it made. */
  again(): void {
    const [last, only] = [this.#last, this.#only()];
    if (!last || only?.geometry !== last.made) {
      this.#last = null;
      return;
    }
    const made = this.#made(last);
    if (!made) return;
    this.#host.commit([edited(only, { geometry: made })], "wand");
    // Where nothing has changed the shape is the one from before.
    this.#last = { ...last, made: this.#host.get(only.id)?.geometry ?? made };
  }

  /** Forgets the pixels that were looked at. */
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

  #spot(fineness: "all" | "few", at: Point, geometry: Geometry | null, takes: boolean): Spot | null {
    const sampler = this.#host.sampler(fineness);
    if (!sampler) return null;
    const seed = sampleAt(sampler, at);
    const flood = new Flood(distances(sampler, seed), seed);
    const base = geometry && isArea(geometry) ? pixelsOfArea(geometry, this.#host.picture) : null;
    return { sampler, flood, base, takes, polygon: (geometry?.type ?? this.#host.wand.shape) === "polygon" };
  }

  #columns({ sampler, flood, base, takes }: Spot): Columns {
    const { picture, wand } = this.#host;
    const flooded = columnsOfFlood(flood.at(wand.tolerance), sampler.step, picture);
    return combined(base && columnsOf(base), flooded, takes);
  }

  #made(spot: Spot): Geometry | null {
    const mask = maskOfColumns(this.#columns(spot));
    if (!mask || !spot.polygon) return mask;
    const outline = outlineWithin(mask, Math.max(this.#host.tolerance, spot.sampler.step));
    const corners = outline?.rings.reduce((sum, ring) => sum + ring.length, 0) ?? 0;
    if (corners <= MOST_CORNERS) return outline;
    this.#host.refuse("too fine");
    return mask;
  }

  #commit(target: Annotation | null, made: Geometry | null): void {
    if (!target) {
      if (made) this.#host.draw(made);
    } else if (made) this.#host.commit([edited(target, { geometry: made })]);
    else this.#host.commit([{ op: "delete", annotation: target }]);
  }

  #show(): void {
    const press = this.#press;
    if (!press) return;
    const { target, base } = press;
    const before = this.#shown?.bounds ?? (base && columnsOf(base).bounds);
    const pixels = this.#columns(press.quick);
    this.#shown = pixels;
    const dirty = before ? union(before, pixels.bounds) : pixels.bounds;
    this.#host.ink({ id: target?.id ?? null, classId: target?.class_id ?? null, pixels }, dirty);
  }

  #hide(): void {
    const shown = this.#shown;
    this.#shown = null;
    if (shown) this.#host.ink(null, shown.bounds);
  }
}
