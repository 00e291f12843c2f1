import * as fc from "fast-check";
import { describe, expect, it } from "vitest";

import { HANDLES, MIN_SIZE, boxFromCorners, clampStep, clipBox, handlePoint, moveBox, resizeBox } from "./box";
import type { Handle } from "./box";
import type { Box, Point, Size } from "./types";

const size: fc.Arbitrary<Size> = fc.record({
  width: fc.integer({ min: 2, max: 5000 }),
  height: fc.integer({ min: 2, max: 5000 }),
});
const ratio = fc.double({ min: 0, max: 1, noNaN: true });
const point: fc.Arbitrary<Point> = fc.tuple(
  fc.double({ min: -9000, max: 9000, noNaN: true }),
  fc.double({ min: -9000, max: 9000, noNaN: true }),
);
const handle = fc.constantFrom(...HANDLES);

/** A picture and a box inside it that has at least the smallest size. */
const scene = fc.tuple(size, ratio, ratio, ratio, ratio).map(([picture, a, b, c, d]): [Size, Box] => {
  const x0 = a * (picture.width - MIN_SIZE);
  const y0 = b * (picture.height - MIN_SIZE);
  const x1 = x0 + MIN_SIZE + c * (picture.width - MIN_SIZE - x0);
  const y1 = y0 + MIN_SIZE + d * (picture.height - MIN_SIZE - y0);
  return [picture, { type: "box", x0, y0, x1: Math.min(x1, picture.width), y1: Math.min(y1, picture.height) }];
});

const EPSILON = 1e-6;

function expectInside(box: Box, picture: Size): void {
  expect(box.x0).toBeGreaterThanOrEqual(-EPSILON);
  expect(box.y0).toBeGreaterThanOrEqual(-EPSILON);
  expect(box.x1).toBeLessThanOrEqual(picture.width + EPSILON);
  expect(box.y1).toBeLessThanOrEqual(picture.height + EPSILON);
  expect(box.x1 - box.x0).toBeGreaterThanOrEqual(MIN_SIZE - EPSILON);
  expect(box.y1 - box.y0).toBeGreaterThanOrEqual(MIN_SIZE - EPSILON);
}

describe("resizeBox", () => {
  it("stays in the picture and keeps the smallest size, wherever the pointer goes", () => {
    fc.assert(
      fc.property(scene, handle, point, fc.boolean(), ([picture, box], grip, to, keep) => {
        expectInside(resizeBox(box, grip, to, picture, keep).box, picture);
      }),
    );
  });

  it("leaves the sides that a handle does not move", () => {
    fc.assert(
      fc.property(scene, fc.constantFrom<Handle>("n", "s"), point, ([picture, box], grip, to) => {
        const { box: resized } = resizeBox(box, grip, to, picture);
        expect([resized.x0, resized.x1]).toEqual([box.x0, box.x1]);
      }),
    );
  });

  it("puts the handle it names under the pointer, also after flipping", () => {
    fc.assert(
      fc.property(scene, handle, ratio, ratio, ([picture, box], grip, u, v) => {
        const to: Point = [u * picture.width, v * picture.height];
        const { box: resized, handle: now } = resizeBox(box, grip, to, picture);
        const [x, y] = handlePoint(resized, now);
        // Where the pointer is closer to the anchor than the smallest size, the handle is that far off at most.
        if (/[ew]/.test(grip)) expect(Math.abs(x - to[0])).toBeLessThanOrEqual(2 * MIN_SIZE + EPSILON);
        if (/[ns]/.test(grip)) expect(Math.abs(y - to[1])).toBeLessThanOrEqual(2 * MIN_SIZE + EPSILON);
      }),
    );
  });

  it("comes back to the same box when the pointer comes back", () => {
    fc.assert(
      fc.property(scene, handle, ([picture, box], grip) => {
        const { box: same } = resizeBox(box, grip, handlePoint(box, grip), picture);
        for (const side of ["x0", "y0", "x1", "y1"] as const) expect(same[side]).toBeCloseTo(box[side], 6);
      }),
    );
  });

  it("flips east to west when dragged past the other side", () => {
    const box = boxFromCorners([40, 40], [60, 60]);
    const picture = { width: 100, height: 100 };
    expect(resizeBox(box, "e", [10, 0], picture)).toEqual({ box: boxFromCorners([10, 40], [40, 60]), handle: "w" });
    expect(resizeBox(box, "se", [30, 20], picture)).toEqual({ box: boxFromCorners([30, 20], [40, 40]), handle: "nw" });
  });

  it("keeps the ratio of width to height with Shift", () => {
    fc.assert(
      fc.property(scene, handle, ratio, ratio, ([picture, box], grip, u, v) => {
        const { box: resized } = resizeBox(box, grip, [u * picture.width, v * picture.height], picture, true);
        const before = (box.x1 - box.x0) / (box.y1 - box.y0);
        const after = (resized.x1 - resized.x0) / (resized.y1 - resized.y0);
        // At the border there may be no room for the smallest box of this ratio; then size wins over ratio.
        const cramped = Math.min(resized.x1 - resized.x0, resized.y1 - resized.y0) <= MIN_SIZE + EPSILON;
        if (!cramped) expect(after / before).toBeCloseTo(1, 6);
      }),
    );
  });
});

describe("resizing with Shift at the border", () => {
  it("takes a box that rounding left a hair below the smallest size for one of that size", () => {
    const box = boxFromCorners([0, 7.393456274984446e-8], [1.0000010000000001, 1.0000000739345627]);
    const { box: resized } = resizeBox(box, "nw", [0, 2.000001073934563], { width: 2, height: 4 }, true);
    expect((resized.x1 - resized.x0) / (resized.y1 - resized.y0)).toBeCloseTo(1.000001, 9);
  });

  it("gives up the ratio, and nothing else, where the smallest box of that ratio has no room", () => {
    const flat = boxFromCorners([5, 10], [45, 12]);
    expect(resizeBox(flat, "w", [100, 11], { width: 60, height: 100 }, true)).toEqual({
      box: boxFromCorners([45, 10.5], [60, 11.5]),
      handle: "e",
    });
  });
});

describe("moving", () => {
  it("keeps the box in the picture and its size", () => {
    fc.assert(
      fc.property(scene, point, ([picture, box], step) => {
        const moved = moveBox(box, clampStep(step, [box.x0, box.y0, box.x1, box.y1], picture));
        expectInside(moved, picture);
        expect(moved.x1 - moved.x0).toBeCloseTo(box.x1 - box.x0, 6);
      }),
    );
  });

  it("lets a box that is partly outside come back, but go no further out", () => {
    const picture = { width: 100, height: 100 };
    expect(clampStep([-5, 0], [-10, 0, 20, 20], picture)).toEqual([0, 0]);
    expect(clampStep([15, 0], [-10, 0, 20, 20], picture)).toEqual([15, 0]);
  });
});

describe("clipBox", () => {
  it("answers null where nothing is left", () => {
    const picture = { width: 100, height: 100 };
    expect(clipBox(boxFromCorners([120, 10], [140, 20]), picture)).toBeNull();
    expect(clipBox(boxFromCorners([90, 10], [140, 20]), picture)).toEqual(boxFromCorners([90, 10], [100, 20]));
  });
});
