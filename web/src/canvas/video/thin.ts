/** Makes few key frames of a box in every frame: only those that interpolation cannot do without. */
import { at } from "../at";
import type { Box } from "../geometry/types";
import { between } from "./interpolate";

/** A box that was found in a frame. */
export interface Placed {
  readonly frame: number;
  readonly box: Box;
}

/** How far an interpolated box may be off: so many pixels at each side, or so much of it in common. */
const PIXELS = 1;
const OVERLAP = 0.95;

export function overlap(a: Box, b: Box): number {
  const width = Math.min(a.x1, b.x1) - Math.max(a.x0, b.x0);
  const height = Math.min(a.y1, b.y1) - Math.max(a.y0, b.y0);
  const common = Math.max(width, 0) * Math.max(height, 0);
  const area = ({ x0, y0, x1, y1 }: Box): number => (x1 - x0) * (y1 - y0);
  return common / (area(a) + area(b) - common);
}

const farthest = (a: Box, b: Box): number =>
  Math.max(Math.abs(a.x0 - b.x0), Math.abs(a.y0 - b.y0), Math.abs(a.x1 - b.x1), Math.abs(a.y1 - b.y1));

const isClose = (a: Box, b: Box): boolean => farthest(a, b) <= PIXELS || overlap(a, b) >= OVERLAP;

/** The first, the last, and as many between them as are needed; `places` are sorted by frame. */
export function thinned(places: readonly Placed[]): Placed[] {
  const kept = new Set([0, places.length - 1]);
  const open: (readonly [number, number])[] = [[0, places.length - 1]];
  for (let part = open.pop(); part; part = open.pop()) {
    const [from, to] = part;
    const worst = worstBetween(places, from, to);
    if (worst === null) continue;
    kept.add(worst);
    open.push([from, worst], [worst, to]);
  }
  return places.filter((_, i) => kept.has(i));
}

/** The place that a straight way misses most; null where it misses none. */
function worstBetween(places: readonly Placed[], from: number, to: number): number | null {
  let [worst, most]: [number | null, number] = [null, 0];
  for (let i = from + 1; i < to; i++) {
    const [a, b, own] = [at(places, from), at(places, to), at(places, i)];
    const guess = between(a.box, b.box, (own.frame - a.frame) / (b.frame - a.frame)) as Box;
    const miss = farthest(guess, own.box);
    if (!isClose(guess, own.box) && miss > most) [worst, most] = [i, miss];
  }
  return worst;
}
