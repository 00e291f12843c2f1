/** Fewer points for the same outline: Douglas and Peucker, 1973. */
import { at } from "../at";
import { distanceToSegment, ringArea } from "./shape";
import type { Point, Polygon } from "./types";

type Ring = readonly Point[];

/** Marks what has to stay between two points that stay. */
function mark(ring: Ring, first: number, last: number, tolerance: number, stays: Set<number>): void {
  const open: [number, number][] = [[first, last]];
  for (let span = open.pop(); span; span = open.pop()) {
    const [from, to] = span;
    let [farthest, distance] = [-1, tolerance];
    for (let i = from + 1; i < to; i++) {
      const off = distanceToSegment(
        at(ring, i % ring.length),
        at(ring, from % ring.length),
        at(ring, to % ring.length),
      );
      if (off > distance) [farthest, distance] = [i, off];
    }
    if (farthest < 0) continue;
    stays.add(farthest % ring.length);
    open.push([from, farthest], [farthest, to]);
  }
}

function farthestFrom(ring: Ring, [x, y]: Point): number {
  let [best, distance] = [0, -1];
  ring.forEach(([px, py], i) => {
    const off = (px - x) ** 2 + (py - y) ** 2;
    if (off > distance) [best, distance] = [i, off];
  });
  return best;
}

/** A ring whose points lie within `tolerance` of the old outline; the old one where too little would be left. */
export function simplifiedRing(ring: Ring, tolerance: number): Ring {
  if (ring.length <= 3) return ring;
  const first = farthestFrom(ring, at(ring, 0));
  const second = farthestFrom(ring, at(ring, first));
  const [low, high] = [Math.min(first, second), Math.max(first, second)];
  if (low === high) return ring;
  const stays = new Set([low, high]);
  mark(ring, low, high, tolerance, stays);
  mark(ring, high, low + ring.length, tolerance, stays);
  const kept = ring.filter((_, i) => stays.has(i));
  return kept.length >= 3 && kept.length < ring.length && ringArea(kept) > 0 ? kept : ring;
}

/** The polygon with fewer points; null where all of them are needed. */
export function simplified(polygon: Polygon, tolerance: number): Polygon | null {
  const rings = polygon.rings.map((ring) => simplifiedRing(ring, tolerance));
  return rings.some((ring, i) => ring !== polygon.rings[i]) ? { ...polygon, rings } : null;
}
