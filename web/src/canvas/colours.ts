/**
 * What tools ask about the colours of a picture, and the one who answers. Looking at millions of pixels takes longer than
 * a hand may wait, so the shell has this done in a worker; an answer is worked out in steps, so that it can be given up.
 */
import { columnsOfFlood, Flood } from "./geometry/flood";
import { columnsOf } from "./geometry/raster";
import type { Geometry, Point, Size } from "./geometry/types";
import { combined, isArea, maskOfColumns, outlineWithin, pixelsOfArea } from "./geometry/wand";
import { Wire } from "./geometry/wire";
import { distances, sampleAt } from "./samples";
import type { Sampler } from "./samples";
import type { Steps } from "./steps";

/** Which area of one colour hangs together with a point, alone or with a shape. */
export interface AreaQuestion {
  readonly type: "area";
  readonly at: Point;
  readonly tolerance: number;
  /** The shape that it is added to, or taken from. */
  readonly base: Geometry | null;
  readonly takes: boolean;
  readonly shape: "mask" | "polygon";
  /** How many image pixels an outline may be off. */
  readonly slack: number;
}

/** Where the strongest edges lead from a point to another; without a start only where the other comes to lie. */
export interface WayQuestion {
  readonly type: "way";
  readonly from: Point | null;
  readonly to: Point;
  /** Points (x, y, x, y ...) whose edges are not taken a second time. */
  readonly taken: Float64Array;
  readonly straight: boolean;
}

export type Question = AreaQuestion | WayQuestion;

export type Answer<Q extends Question = Question> = {
  /** Image pixels from one sample to the next. */
  readonly step: number;
} & (Q extends AreaQuestion ? { readonly geometry: Geometry | null } : { readonly way: readonly Point[] });

/** A question on its way: `shrink` pixels in a row make one sample. The answer comes back under the same number. */
export interface Asked {
  readonly number: number;
  readonly shrink: number;
  readonly question: Question;
}

/** Most corners of a polygon, as in the domain. */
const MOST_CORNERS = 100_000;

/** Answers questions about one picture; what was found for the last ones is used again. */
export class Colours {
  readonly #picture: Size;
  readonly #samplers: (shrink: number) => Sampler;
  readonly #floods = new Map<number, { readonly seed: Point; readonly sampler: Sampler; readonly flood: Flood }>();
  #wire: { readonly key: string; readonly wire: Wire } | null = null;

  constructor(picture: Size, samplers: (shrink: number) => Sampler) {
    [this.#picture, this.#samplers] = [picture, samplers];
  }

  answer(question: Question, shrink: number): Steps<Answer> {
    return question.type === "area" ? this.#area(question, shrink) : this.#way(question, shrink);
  }

  *#area(question: AreaQuestion, shrink: number): Steps<Answer> {
    const { base, shape, slack, takes, tolerance } = question;
    const { flood, sampler } = this.#flood(question.at, shrink);
    const { step } = sampler;
    const flooded = columnsOfFlood(yield* flood.steps(tolerance), step, this.#picture);
    const under = base && isArea(base) ? pixelsOfArea(base, this.#picture) : null;
    const mask = maskOfColumns(combined(under && columnsOf(under), flooded, takes));
    if (!mask || shape === "mask") return { step, geometry: mask };
    yield;
    const outline = outlineWithin(mask, Math.max(slack, step));
    const corners = outline?.rings.reduce((sum, ring) => sum + ring.length, 0) ?? 0;
    return { step, geometry: corners <= MOST_CORNERS ? outline : mask };
  }

  /** One for each fineness: the hand goes back and forth between them. */
  #flood(at: Point, shrink: number): { readonly sampler: Sampler; readonly flood: Flood } {
    const known = this.#floods.get(shrink);
    const sampler = known?.sampler ?? this.#samplers(shrink);
    const seed = sampleAt(sampler, at);
    if (known?.seed[0] === seed[0] && known.seed[1] === seed[1]) return known;
    const made = { seed, sampler, flood: new Flood(distances(sampler, seed), seed) };
    this.#floods.set(shrink, made);
    return made;
  }

  *#way({ from, to, taken, straight }: WayQuestion, shrink: number): Steps<Answer> {
    const sampler = this.#samplers(shrink);
    const { step } = sampler;
    if (!from || straight) {
      const near = (value: number): number => Math.round(value / step) * step;
      return { step, way: [[near(to[0]), near(to[1])]] };
    }
    const key = [shrink, taken.length, ...from].join();
    if (this.#wire?.key !== key) this.#wire = { key, wire: new Wire(sampler, from, pointsIn(taken)) };
    return { step, way: yield* this.#wire.wire.steps(to) };
  }
}

function pointsIn(flat: Float64Array): Point[] {
  return Array.from({ length: flat.length / 2 }, (_, i): Point => [flat[2 * i] ?? 0, flat[2 * i + 1] ?? 0]);
}
