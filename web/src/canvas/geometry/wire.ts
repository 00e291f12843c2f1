/**
 * Live wire ("intelligent scissors", Mortensen and Barrett 1995): the cheapest way between two points, where edges are
 * cheap. Ways run from corner to corner of the samples, so that they lie on an edge and not beside it.
 */
import { at } from "../at";
import { Field } from "../samples";
import type { Sampler } from "../samples";
import { finished } from "../steps";
import type { Steps } from "../steps";
import { contrasts } from "./contrast";
import { Queue } from "./queue";
import type { Point } from "./types";

/** Samples around the start in which edges are followed; beyond them the way is straight. */
export const REACH = 512;
/** The contrast (of 255) at which a step costs half as much as on flat ground. */
const HALF = 20;
const DEAREST = 254;
/** What a step costs at least, so that of two sharp edges the shorter one is taken. */
const LEAST = 40;
/** Corners of one step of work. */
const CORNERS = 4096;
/** Lengths of a straight and of a slanting step. */
const [STRAIGHT, SLANTING] = [5, 7];

/** What it costs to pass each corner of samples: sharp edges are cheap. `left` and `top` are corners. */
function prices(sampler: Sampler, left: number, top: number, width: number, height: number): Field {
  return new Field({ width, height }, (x, y, size) =>
    Uint8Array.from(contrasts(sampler, left + x, top + y, size.width, size.height), priceOf),
  );
}

const priceOf = (contrast: number): number => Math.round((DEAREST * HALF) / (HALF + contrast));

/** Steps to the eight neighbours; the opposite of step `i` is `7 - i`. */
const STEPS: readonly Point[] = [[-1, -1], [-1, 0], [-1, 1], [0, -1], [0, 1], [1, -1], [1, 0], [1, 1]]; // prettier-ignore

export class Wire {
  readonly #step: number;
  readonly #left: number;
  readonly #top: number;
  readonly #field: Field;
  readonly #queue: Queue;
  readonly #start: number;
  /** The step by which a corner was reached, and one; 0 where none is known. */
  readonly #by: Uint8Array;
  readonly #avoided: Uint8Array;

  /** Follows edges from `start` on; those along `taken` points are not taken a second time. */
  constructor(sampler: Sampler, start: Point, taken: readonly Point[] = []) {
    this.#step = sampler.step;
    const [x, y] = cornerNear(sampler, start);
    [this.#left, this.#top] = [Math.max(x - REACH, 0), Math.max(y - REACH, 0)];
    const width = Math.min(x + REACH, sampler.width) + 1 - this.#left;
    const height = Math.min(y + REACH, sampler.height) + 1 - this.#top;
    this.#field = prices(sampler, this.#left, this.#top, width, height);
    this.#queue = new Queue(width * height, (DEAREST + LEAST + 1) * SLANTING);
    this.#by = new Uint8Array(width * height);
    this.#avoided = new Uint8Array(width * height);
    this.#start = this.#index(start);
    for (const point of taken) if (this.#holds(point)) this.#avoided[this.#index(point)] = 1;
    this.#queue.offer(this.#start, 0);
  }

  to(point: Point): Point[] {
    return finished(this.steps(point));
  }

  /**
   * The way to a point, without the start; its last point is the corner next to the one that is asked for. In steps: what
   * was found before it was given up is used for the next way.
   */
  *steps(point: Point): Steps<Point[]> {
    const inside = this.#within(point);
    const target = this.#index(inside);
    for (let i = 1; !this.#queue.isDone(target); i++) {
      if (i % CORNERS === 0) yield;
      const next = this.#queue.take();
      if (next < 0) break;
      this.#spread(next);
    }
    const way: Point[] = inside === point ? [] : [point];
    for (let i = target; i !== this.#start && at(this.#by, i) > 0; i = this.#before(i)) way.push(this.#point(i));
    return way.reverse();
  }

  #spread(from: number): void {
    const { height, width } = this.#field;
    const [queue, cost] = [this.#queue, this.#queue.costOf(from)];
    const [x, y] = [Math.floor(from / height), from % height];
    for (let i = 0; i < STEPS.length; i++) {
      const [dx, dy] = at(STEPS, i);
      if (x + dx < 0 || y + dy < 0 || x + dx >= width || y + dy >= height) continue;
      const to = from + dx * height + dy;
      if (queue.isDone(to)) continue;
      const length = dx !== 0 && dy !== 0 ? SLANTING : STRAIGHT;
      if (queue.offer(to, cost + this.#priceOf(to) * length)) this.#by[to] = i + 1;
    }
  }

  #priceOf(index: number): number {
    if (this.#avoided[index]) return DEAREST + LEAST;
    return (at(this.#field.cells, index) || this.#field.look(index)) - 1 + LEAST;
  }

  #before(index: number): number {
    const [dx, dy] = at(STEPS, at(this.#by, index) - 1);
    return index - dx * this.#field.height - dy;
  }

  #point(index: number): Point {
    const { height } = this.#field;
    return [(Math.floor(index / height) + this.#left) * this.#step, ((index % height) + this.#top) * this.#step];
  }

  #corner([x, y]: Point): Point {
    return [Math.round(x / this.#step) - this.#left, Math.round(y / this.#step) - this.#top];
  }

  #holds(point: Point): boolean {
    const [x, y] = this.#corner(point);
    return x >= 0 && y >= 0 && x < this.#field.width && y < this.#field.height;
  }

  #index(point: Point): number {
    const [x, y] = this.#corner(point);
    return x * this.#field.height + y;
  }

  /** The point itself, or where a straight line to it leaves the reach. */
  #within(point: Point): Point {
    if (this.#holds(point)) return point;
    const [x, y] = this.#point(this.#start);
    const [x1, y1] = this.#point(this.#field.cells.length - 1);
    const [x0, y0] = this.#point(0);
    const part = (from: number, to: number, low: number, high: number): number =>
      to < low ? (low - from) / (to - from) : to > high ? (high - from) / (to - from) : 1;
    const along = Math.min(part(x, point[0], x0, x1), part(y, point[1], y0, y1));
    return [x + (point[0] - x) * along, y + (point[1] - y) * along];
  }
}

function cornerNear({ step, width, height }: Sampler, [x, y]: Point): Point {
  return [Math.min(Math.max(Math.round(x / step), 0), width), Math.min(Math.max(Math.round(y / step), 0), height)];
}
