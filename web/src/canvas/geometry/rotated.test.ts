import * as fc from "fast-check";
import { describe, expect, it } from "vitest";

import { HANDLES, MIN_SIZE } from "./box";
import {
  boxOnEdge,
  fromLocal,
  localHandle,
  normalAngle,
  resizeRotated,
  SNAP,
  snapAngle,
  snapEnd,
  toLocal,
  turnBy,
  turnTo,
} from "./rotated";
import { rotatedCorners } from "./shape";
import type { Point, RotatedBox } from "./types";

const number = (min: number, max: number) => fc.double({ min, max, noNaN: true });
const point: fc.Arbitrary<Point> = fc.tuple(number(-500, 500), number(-500, 500));
const box: fc.Arbitrary<RotatedBox> = fc.record({
  type: fc.constant("rotated_box" as const),
  cx: number(-300, 300),
  cy: number(-300, 300),
  w: number(1, 400),
  h: number(1, 400),
  angle: number(-Math.PI, Math.PI),
});
const near = ([ax, ay]: Point, [bx, by]: Point): void => {
  expect(ax).toBeCloseTo(bx, 6);
  expect(ay).toBeCloseTo(by, 6);
};

describe("rotated box", () => {
  it("goes to its own frame and back", () => {
    fc.assert(fc.property(box, point, (shape, p) => near(fromLocal(shape, toLocal(shape, p)), p)));
  });

  it("stands on the edge that was drawn and reaches as far as the third point", () => {
    fc.assert(
      fc.property(point, point, point, (a, b, p) => {
        const made = boxOnEdge(a, b, p);
        if (!made) return;
        const corners = rotatedCorners(made);
        for (const end of [a, b])
          expect(Math.min(...corners.map(([x, y]) => Math.hypot(x - end[0], y - end[1])))).toBeLessThan(1e-6);
        const [, y] = toLocal(made, p);
        expect(Math.abs(y)).toBeCloseTo(made.h / 2, 6);
      }),
    );
  });

  it("is not made from an edge or a width below a pixel", () => {
    expect(boxOnEdge([10, 10], [10.5, 10], [20, 20])).toBeNull();
    expect(boxOnEdge([10, 10], [50, 10], [20, 10.5])).toBeNull();
  });

  it("keeps the opposite side or corner in place while it is resized", () => {
    fc.assert(
      fc.property(box, fc.constantFrom(...HANDLES), point, fc.boolean(), (shape, handle, to, ratio) => {
        const made = resizeRotated(shape, handle, to, ratio);
        expect(made.angle).toBe(shape.angle);
        expect(Math.min(made.w, made.h)).toBeGreaterThanOrEqual(MIN_SIZE - 1e-9);
        const [hx, hy] = localHandle(shape, handle);
        const anchor = fromLocal(shape, [-hx, -hy]);
        const [x, y] = toLocal(made, anchor);
        if (hx !== 0) expect(Math.abs(x)).toBeCloseTo(made.w / 2, 5);
        if (hy !== 0) expect(Math.abs(y)).toBeCloseTo(made.h / 2, 5);
        if (ratio && hx !== 0 && hy !== 0) expect(made.w / made.h / (shape.w / shape.h)).toBeCloseTo(1, 5);
      }),
    );
  });

  it("turns its upper side to a point, in steps where asked", () => {
    const upright: RotatedBox = { type: "rotated_box", cx: 50, cy: 50, w: 40, h: 20, angle: 0 };
    expect(turnTo(upright, [50, 0], false).angle).toBeCloseTo(0, 12);
    expect(turnTo(upright, [100, 50], false).angle).toBeCloseTo(Math.PI / 2, 12);
    fc.assert(
      fc.property(box, point, (shape, p) => {
        const steps = turnTo(shape, p, true).angle / SNAP;
        expect(steps).toBeCloseTo(Math.round(steps), 9);
      }),
    );
  });

  it("keeps angles between -π and π", () => {
    fc.assert(
      fc.property(box, number(-50, 50), (shape, by) => {
        const { angle } = turnBy(shape, by);
        expect(angle).toBeGreaterThan(-Math.PI - 1e-9);
        expect(angle).toBeLessThanOrEqual(Math.PI);
        expect(Math.cos(angle)).toBeCloseTo(Math.cos(shape.angle + by), 6);
      }),
    );
    expect(normalAngle(-Math.PI)).toBe(Math.PI);
    expect(snapAngle(0.25)).toBeCloseTo(SNAP, 12);
  });

  it("snaps the direction of an edge and keeps its length", () => {
    const [x, y] = snapEnd([10, 10], [110, 13]);
    expect(y).toBeCloseTo(10, 9);
    expect(x).toBeCloseTo(10 + Math.hypot(100, 3), 9);
  });
});
