import * as fc from "fast-check";
import { describe, expect, it } from "vitest";

import { MAX_SCALE, clampCamera, clampScale, fit, minScale, oneToOne, toImage, toScreen, zoomTo } from "./camera";
import type { Camera } from "./camera";
import type { Point, Size } from "./geometry/types";

const number = (min: number, max: number) => fc.double({ min, max, noNaN: true });
const camera: fc.Arbitrary<Camera> = fc.record({
  scale: number(0.01, 64),
  tx: number(-5e4, 5e4),
  ty: number(-5e4, 5e4),
});
const point: fc.Arbitrary<Point> = fc.tuple(number(-2e4, 2e4), number(-2e4, 2e4));
const size: fc.Arbitrary<Size> = fc.record({
  width: fc.integer({ min: 1, max: 20000 }),
  height: fc.integer({ min: 1, max: 20000 }),
});
const view: fc.Arbitrary<Size> = fc.record({
  width: fc.integer({ min: 100, max: 4000 }),
  height: fc.integer({ min: 100, max: 4000 }),
});

describe("camera", () => {
  it("goes to the screen and back", () => {
    fc.assert(
      fc.property(camera, point, (eye, [x, y]) => {
        const [bx, by] = toImage(eye, toScreen(eye, [x, y]));
        expect(bx).toBeCloseTo(x, 4);
        expect(by).toBeCloseTo(y, 4);
      }),
    );
  });

  it("keeps the image point under the pointer while zooming", () => {
    fc.assert(
      fc.property(camera, point, number(0.01, 64), (eye, at, scale) => {
        const before = toImage(eye, at);
        const after = toImage(zoomTo(eye, at, scale), at);
        expect(after[0] - before[0]).toBeCloseTo(0, 3);
        expect(after[1] - before[1]).toBeCloseTo(0, 3);
      }),
    );
  });

  it("never loses the picture", () => {
    fc.assert(
      fc.property(camera, size, view, (eye, picture, room) => {
        const { scale, tx, ty } = clampCamera({ ...eye, scale: clampScale(eye.scale, picture, room) }, picture, room);
        expect(tx).toBeLessThan(room.width);
        expect(ty).toBeLessThan(room.height);
        expect(tx + picture.width * scale).toBeGreaterThan(0);
        expect(ty + picture.height * scale).toBeGreaterThan(0);
      }),
    );
  });

  it("fits the picture into the view, centred, and within the limits of zoom", () => {
    fc.assert(
      fc.property(size, view, (picture, room) => {
        const eye = fit([0, 0, picture.width, picture.height], room);
        const [x0, y0] = toScreen(eye, [0, 0]);
        const [x1, y1] = toScreen(eye, [picture.width, picture.height]);
        expect(x0).toBeGreaterThanOrEqual(0);
        expect(y0).toBeGreaterThanOrEqual(0);
        expect(x0 + x1).toBeCloseTo(room.width, 3);
        expect(y0 + y1).toBeCloseTo(room.height, 3);
        expect(eye.scale).toBeLessThanOrEqual(MAX_SCALE);
        expect(minScale(picture, room)).toBeLessThanOrEqual(eye.scale);
      }),
    );
  });

  it("shows one image pixel as one CSS pixel about the middle", () => {
    const room = { width: 800, height: 600 };
    const eye = oneToOne({ scale: 0.25, tx: 10, ty: 20 }, room);
    expect(eye.scale).toBe(1);
    expect(toImage(eye, [400, 300])).toEqual(toImage({ scale: 0.25, tx: 10, ty: 20 }, [400, 300]));
  });
});
