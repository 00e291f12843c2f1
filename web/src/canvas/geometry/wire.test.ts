import fc from "fast-check";
import { describe, expect, it } from "vitest";

import { painted } from "../samples.fixture";
import { Queue } from "./queue";
import type { Point } from "./types";
import { Wire } from "./wire";

const SIZE = { width: 200, height: 150 };
const DISC = { x: 100, y: 75, r: 50 };
const disc = painted(SIZE, (x, y) => (Math.hypot(x + 0.5 - DISC.x, y + 0.5 - DISC.y) < DISC.r ? 200 : 30));
const farthest = (way: readonly Point[]): number =>
  Math.max(...way.map(([x, y]) => Math.abs(Math.hypot(x - DISC.x, y - DISC.y) - DISC.r)));

describe("the live wire", () => {
  it("follows an edge, and takes the other way round where that is taken", () => {
    const way = new Wire(disc, [150, 75]).to([50, 75]);
    expect(way.at(-1)).toEqual([50, 75]);
    expect(farthest(way)).toBeLessThan(1.5);
    const back = new Wire(disc, [50, 75], way).to([150, 75]);
    expect(farthest(back)).toBeLessThan(1.5);
    const side = (points: readonly Point[]): number =>
      Math.sign((points[Math.floor(points.length / 2)]?.[1] ?? 0) - 75);
    expect(side(back)).toBe(-side(way));
  });

  it("lies exactly on a straight edge", () => {
    const step = painted(SIZE, (x) => (x < 80 ? 40 : 90));
    const way = new Wire(step, [80, 10]).to([80, 140]);
    expect(way).toHaveLength(130);
    expect(way.every(([x]) => x === 80)).toBe(true);
  });

  it("goes straight beyond its reach, and on coarser samples in their steps", () => {
    const wide = painted({ width: 1500, height: 20 }, (_, y) => (y < 10 ? 0 : 250), 2);
    const way = new Wire(wide, [0, 20]).to([2900, 20]);
    expect(way.at(-1)).toEqual([2900, 20]);
    expect(way.at(-2)).toEqual([1024, 20]);
    expect(way[0]).toEqual([2, 20]);
  });

  it("leads from neighbour to neighbour to any point of the picture", () => {
    const place = fc.tuple(fc.integer({ min: 0, max: 200 }), fc.integer({ min: 0, max: 150 }));
    fc.assert(
      fc.property(place, fc.array(place, { minLength: 1, maxLength: 3 }), (start, targets) => {
        const wire = new Wire(disc, start);
        for (const target of targets) {
          const way = [start, ...wire.to(target)];
          expect(way.at(-1)).toEqual(target);
          way.slice(1).forEach(([x, y], i) => {
            const [px, py] = way[i] ?? start;
            expect(Math.max(Math.abs(x - px), Math.abs(y - py))).toBe(1);
          });
        }
      }),
      { numRuns: 8 },
    );
  });
});

describe("the queue", () => {
  it("gives things in the order of their costs", () => {
    const costs = fc.array(fc.integer({ min: 0, max: 50 }), { minLength: 1, maxLength: 40 });
    fc.assert(
      fc.property(costs, costs, (first, second) => {
        const queue = new Queue(40, 50);
        const cheapest = first.map((cost, i) => Math.min(cost, second[i] ?? cost));
        for (const offers of [first, second.slice(0, first.length)]) offers.forEach((cost, i) => queue.offer(i, cost));
        const taken: number[] = [];
        for (let one = queue.take(); one >= 0; one = queue.take()) taken.push(queue.costOf(one));
        expect(taken).toEqual(cheapest.sort((a, b) => a - b));
      }),
    );
  });
});
