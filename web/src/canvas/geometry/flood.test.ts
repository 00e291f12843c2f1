import fc from "fast-check";
import { describe, expect, it } from "vitest";

import { distances } from "../samples";
import { painted } from "../samples.fixture";
import { columnsOfFlood, Flood } from "./flood";
import type { Flooded } from "./flood";
import { maskArea } from "./mask";
import { maskOf } from "./raster";

const SIZE = { width: 300, height: 280 };
const flooded = (grey: (x: number, y: number) => number, seed: readonly [number, number], tolerance: number): Flooded =>
  new Flood(distances(painted(SIZE, grey), seed), seed).at(tolerance);

/** The plain way: from sample to sample. */
function reached(grey: readonly number[], size: number, seed: number, tolerance: number): Set<number> {
  const found = new Set([seed]);
  for (const i of found) {
    const x = i % size;
    const beside = [i - size, i + size, ...(x > 0 ? [i - 1] : []), ...(x < size - 1 ? [i + 1] : [])];
    for (const j of beside) {
      const value = grey[j];
      if (value !== undefined && Math.abs(value - (grey[seed] ?? 0)) <= tolerance) found.add(j);
    }
  }
  return found;
}

describe("flood", () => {
  it("takes what hangs together and nothing beyond an edge", () => {
    const disc = (x: number, y: number): number => (Math.hypot(x - 150, y - 140) < 100 ? 200 : 20);
    const inner = flooded(disc, [150, 140], 30);
    const outer = flooded(disc, [0, 0], 30);
    expect(inner.size + outer.size).toBe(SIZE.width * SIZE.height);
    expect(inner.bounds).toEqual([51, 41, 250, 240]);
    expect(flooded(disc, [150, 140], 254).size).toBe(SIZE.width * SIZE.height);
  });

  it("is one step of a slope wide in each direction", () => {
    const slope = (x: number): number => x % 256;
    expect(flooded(slope, [100, 5], 10).bounds).toEqual([90, 0, 111, 280]);
  });

  it("gives the pixels of coarser samples", () => {
    const disc = (x: number, y: number): number => (Math.hypot(x - 150, y - 140) < 100 ? 200 : 20);
    const found = flooded(disc, [150, 140], 30);
    const picture = { width: 1200, height: 1119 };
    const mask = maskOf(picture, (x) => columnsOfFlood(found, 4, picture).column(x));
    expect(mask && maskArea(mask)).toBe(found.size * 16);
  });

  it("finds what the plain way finds, again and again with other tolerances", () => {
    const scene = fc.array(fc.integer({ min: 0, max: 40 }), { minLength: 144, maxLength: 144 });
    const wishes = fc.array(fc.integer({ min: 0, max: 40 }), { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(scene, fc.nat(143), wishes, (grey, seed, tolerances) => {
        const sampler = painted({ width: 12, height: 12 }, (x, y) => grey[y * 12 + x] ?? 0);
        const place = [seed % 12, Math.floor(seed / 12)] as const;
        const flood = new Flood(distances(sampler, place), place);
        for (const tolerance of tolerances) {
          const found = flood.at(tolerance);
          const wanted = reached(grey, 12, seed, tolerance);
          expect(found.size).toBe(wanted.size);
          for (const i of wanted) {
            const spans = found.column(i % 12);
            const row = Math.floor(i / 12);
            expect(spans.some((from, k) => k % 2 === 0 && from <= row && row < (spans[k + 1] ?? 0))).toBe(true);
          }
        }
      }),
    );
  });
});
