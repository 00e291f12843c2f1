import { describe, expect, it } from "vitest";
import { outlineOf } from "./outline";

describe("shapes as outlines", () => {
  it("draws boxes, also turned ones", () => {
    expect(outlineOf({ type: "box", x0: 1, y0: 2, x1: 3, y1: 4 })).toBe("M1 2L3 2L3 4L1 4Z");
    expect(outlineOf({ type: "rotated_box", cx: 5, cy: 5, w: 4, h: 2, angle: 0 })).toBe("M3 4L7 4L7 6L3 6Z");
  });

  it("draws the bounds of a mask", () => {
    // Columns of 4 pixels: one pixel of the first column, two of the second.
    expect(outlineOf({ type: "mask", width: 3, height: 4, counts: [2, 1, 2, 2, 5] })).toBe("M0 1L2 1L2 3L0 3Z");
  });
});
