/** COCO run lengths read in place: bounds, area and membership without unpacking the pixels. */
import { at } from "../at";
import type { Bounds, Mask } from "./types";

const ends = new WeakMap<Mask, Float64Array>();

/** Where each run ends, counted in column-major pixels. */
export function runEnds(mask: Mask): Float64Array {
  const cached = ends.get(mask);
  if (cached) return cached;
  const stops = new Float64Array(mask.counts.length);
  let total = 0;
  mask.counts.forEach((run, i) => {
    total += run;
    stops[i] = total;
  });
  ends.set(mask, stops);
  return stops;
}

/** Calls `visit(start, end)` for every run of pixels that are set. */
export function eachRun(mask: Mask, visit: (start: number, end: number) => void): void {
  const stops = runEnds(mask);
  for (let i = 1; i < stops.length; i += 2) {
    const start = at(stops, i - 1);
    const end = at(stops, i);
    if (end > start) visit(start, end);
  }
}

const known = new WeakMap<Mask, Bounds>();

export function maskBounds(mask: Mask): Bounds {
  const cached = known.get(mask);
  if (cached) return cached;
  const { height } = mask;
  let [x0, y0, x1, y1] = [mask.width, height, 0, 0];
  eachRun(mask, (start, end) => {
    const first = Math.floor(start / height);
    const last = Math.floor((end - 1) / height);
    x0 = Math.min(x0, first);
    x1 = Math.max(x1, last + 1);
    y0 = last > first ? 0 : Math.min(y0, start % height);
    y1 = last > first ? height : Math.max(y1, ((end - 1) % height) + 1);
  });
  const bounds: Bounds = [x0, y0, x1, y1];
  known.set(mask, bounds);
  return bounds;
}

export function maskArea(mask: Mask): number {
  let area = 0;
  eachRun(mask, (start, end) => (area += end - start));
  return area;
}

export function maskContains(mask: Mask, x: number, y: number): boolean {
  const [column, row] = [Math.floor(x), Math.floor(y)];
  if (column < 0 || row < 0 || column >= mask.width || row >= mask.height) return false;
  const pixel = column * mask.height + row;
  const stops = runEnds(mask);
  let [low, high] = [0, stops.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (at(stops, middle) > pixel) high = middle;
    else low = middle + 1;
  }
  return low % 2 === 1;
}
