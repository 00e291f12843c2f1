/** A line by the share of its length, and how the beginnings of two rings are matched: as `boxwright.domain.interpolation`. */
import { at } from "../at";
import type { Point } from "../geometry/types";

type Line = readonly Point[];

/** How many places of two rings are compared, and from how many corners at most, to match their beginnings. */
const PLACES = 32;
const CORNERS = 256;

export const mix = (a: number, b: number, share: number): number => a + (b - a) * share;

export const mixed = (a: Line, b: Line, share: number): Point[] =>
  a.map(([x, y], i): Point => {
    const [u, v] = at(b, i);
    return [mix(x, u, share), mix(y, v, share)];
  });

/** The number of values up to and including `wanted` in a rising list. */
export function countUpTo(values: readonly number[], wanted: number): number {
  let [low, high] = [0, values.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (at(values, middle) <= wanted) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** A line, or a ring: `at` are the shares of its points, 0 to 1. */
class Path {
  readonly at: readonly number[];
  readonly #points: Line;

  constructor(points: Line, closed = false) {
    this.#points = closed ? [...points, at(points, 0)] : points;
    let length = 0;
    const far = [0];
    for (let i = 1; i < this.#points.length; i++) {
      const [[x0, y0], [x1, y1]] = [at(this.#points, i - 1), at(this.#points, i)];
      length += Math.sqrt((x1 - x0) * (x1 - x0) + (y1 - y0) * (y1 - y0));
      far.push(length);
    }
    this.at = far.map((value) => value / length);
  }

  pointsAt(places: readonly number[]): Point[] {
    return places.map((place) => this.#point(place));
  }

  #point(place: number): Point {
    const after = Math.min(Math.max(countUpTo(this.at, place), 1), this.at.length - 1);
    const [start, end] = [at(this.at, after - 1), at(this.at, after)];
    const share = end === start ? 0 : (place - start) / (end - start);
    const [[x0, y0], [x1, y1]] = [at(this.#points, after - 1), at(this.#points, after)];
    return [mix(x0, x1, share), mix(y0, y1, share)];
  }
}

const merged = (a: readonly number[], b: readonly number[]): number[] =>
  [...new Set([...a, ...b])].sort((one, other) => one - other);

function signedArea(ring: Line): number {
  let total = 0;
  ring.forEach(([x0, y0], i) => {
    const [x1, y1] = at(ring, (i + 1) % ring.length);
    total += x0 * y1 - x1 * y0;
  });
  return total;
}

/** The corner of a ring from which it runs closest to a path, the first of several. */
function bestStart(path: Path, ring: Line): number {
  const places = Array.from({ length: PLACES }, (_, i) => i / PLACES);
  const wanted = path.pointsAt(places);
  const tried = Math.min(ring.length, CORNERS);
  const whole = new Path(ring, true);
  let [best, least] = [0, Infinity];
  for (let number = 0; number < tried; number++) {
    const start = Math.floor((number * ring.length) / tried);
    const shift = at(whole.at, start);
    const found = whole.pointsAt(places.map((place) => (place + shift) % 1));
    let cost = 0;
    wanted.forEach(([x0, y0], i) => {
      const [x1, y1] = at(found, i);
      cost += (x1 - x0) * (x1 - x0) + (y1 - y0) * (y1 - y0);
    });
    if (cost < least) [best, least] = [start, cost];
  }
  return best;
}

/** Two rings with a point each for every corner of either; equal numbers of corners belong together as they are. */
export function matchedRings(a: Line, b: Line): readonly [Line, Line] {
  if (a.length === b.length) return [a, b];
  const same = signedArea(a) * signedArea(b) < 0 ? b.toReversed() : b;
  const one = new Path(a, true);
  const start = bestStart(one, same);
  const other = new Path([...same.slice(start), ...same.slice(0, start)], true);
  const places = merged(one.at.slice(0, -1), other.at.slice(0, -1));
  return [one.pointsAt(places), other.pointsAt(places)];
}

/** The same for two lines, whose ends belong together. */
export function matchedLines(a: Line, b: Line): readonly [Line, Line] {
  if (a.length === b.length) return [a, b];
  const [one, other] = [new Path(a), new Path(b)];
  const places = merged(one.at, other.at);
  return [one.pointsAt(places), other.pointsAt(places)];
}
