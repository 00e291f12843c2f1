import * as fc from "fast-check";
import { describe, expect, it } from "vitest";

import { drawn } from "../store/changes";
import { Hand } from "../tools/hand.fixture";
import { eachRun } from "./mask";
import { moveShape, stepOf } from "./move";
import { boundsOf } from "./shape";
import type { Mask, Point, Size } from "./types";

const SIZE: Size = { width: 9, height: 7 };

const maskOf = (spots: readonly boolean[]): Mask => {
  const counts: number[] = [0];
  spots.forEach((spot, i) => {
    if (spot !== (i > 0 && spots[i - 1])) counts.push(0);
    counts[counts.length - 1] = (counts.at(-1) ?? 0) + 1;
  });
  return { type: "mask", ...SIZE, counts };
};

const spotsOf = (mask: Mask): Point[] => {
  const spots: Point[] = [];
  eachRun(mask, (start, end) => {
    for (let i = start; i < end; i++) spots.push([Math.floor(i / mask.height), i % mask.height]);
  });
  return spots;
};

const mask = fc
  .array(fc.boolean(), { minLength: 63, maxLength: 63 })
  .chain((spots) => fc.tuple(fc.constant(spots), fc.integer({ min: 1, max: 9 }), fc.integer({ min: 1, max: 7 })))
  .map(([spots, columns, rows]) => maskOf(spots.map((spot, i) => spot && i / 7 < columns && i % 7 < rows)))
  .filter(({ counts }) => counts.length > 1);

describe("moving a mask", () => {
  it("moves each of its pixels, as far as the picture reaches, and back", () => {
    fc.assert(
      fc.property(mask, fc.double({ min: -9, max: 9, noNaN: true }), fc.double({ min: -9, max: 9, noNaN: true }), (from, dx, dy) => {
        const step = stepOf([dx, dy], [from], SIZE);
        const to = moveShape(from, step, SIZE);
        expect(step.every(Number.isInteger)).toBe(true);
        expect(spotsOf(to)).toEqual(spotsOf(from).map(([x, y]) => [x + step[0], y + step[1]]));
        expect(to.counts.reduce((sum, run) => sum + run, 0)).toBe(63);
        expect(to.counts.every((run) => run >= 0)).toBe(true);
        const [x0, y0, x1, y1] = boundsOf(to);
        expect(x0 >= 0 && y0 >= 0 && x1 <= 9 && y1 <= 7).toBe(true);
        expect(spotsOf(moveShape(to, [-step[0], -step[1]], SIZE))).toEqual(spotsOf(from));
      }),
    ); // prettier-ignore
  });

  it("is done by hand and by keys, with others in the same whole steps", () => {
    const pixel: Mask = {
      type: "mask",
      width: 200,
      height: 150,
      counts: [20 * 150 + 20, 10, 150 - 10, 10, 30000 - 3190],
    };
    const box = { type: "box", x0: 50, y0: 50, x1: 60.5, y1: 60 } as const;
    const hand = new Hand([
      { ...drawn(pixel, "cat"), id: "m" },
      { ...drawn(box, "cat"), id: "b" },
    ]);
    hand.drag([20.5, 25], [30.9, 28.4]);
    const moved = (): readonly number[] => boundsOf(hand.editor.get("m")?.geometry ?? box);
    expect(moved()).toEqual([30, 23, 32, 33]);
    hand.editor.select(["m", "b"]);
    hand.editor.nudge(1, 0);
    expect(moved()).toEqual([31, 23, 33, 33]);
    expect(hand.editor.get("b")?.geometry).toEqual({ ...box, x0: 51, x1: 61.5 });
    hand.editor.undo();
    hand.editor.undo();
    expect(moved()).toEqual([20, 20, 22, 30]);
    hand.editor.select(["m"]);
    hand.editor.duplicate();
    expect(hand.created().map(boundsOf)).toEqual([[30, 30, 32, 40]]);
  });
});
