import fc from "fast-check";
import { describe, expect, it } from "vitest";

import { fit, zoomTo } from "./camera";
import { frameOf, isPartial, middleOf, shrinkTo, stepTo } from "./overview";

const PICTURE = { width: 400, height: 300 };
const VIEW = { width: 800, height: 500 };
const whole = fit([0, 0, 400, 300], VIEW);

describe("overview", () => {
  it("is wanted only while some of the picture is out of view", () => {
    expect(isPartial(whole, VIEW, PICTURE)).toBe(false);
    expect(isPartial(zoomTo(whole, [400, 250], 4), VIEW, PICTURE)).toBe(true);
  });

  it("frames what is in view", () => {
    const shrink = shrinkTo(100, PICTURE);
    expect(shrink).toBe(0.25);
    expect(frameOf(whole, VIEW, PICTURE, shrink)).toEqual([0, 0, 100, 75]);
    const near = { scale: 4, tx: -400, ty: -200 };
    expect(frameOf(near, VIEW, PICTURE, shrink)).toEqual([25, 12.5, 75, 43.75]);
  });

  it("brings any point of the copy to the middle", () => {
    const length = fc.double({ min: 0, max: 75, noNaN: true });
    fc.assert(
      fc.property(length, length, fc.double({ min: 0.1, max: 64, noNaN: true }), (x, y, scale) => {
        const camera = { scale, tx: -50, ty: 20 };
        const [dx, dy] = stepTo(camera, VIEW, [x, y], 0.25);
        const [mx, my] = middleOf({ scale, tx: camera.tx + dx, ty: camera.ty + dy }, VIEW);
        expect(mx).toBeCloseTo(x * 4, 6);
        expect(my).toBeCloseTo(y * 4, 6);
      }),
    );
  });
});
