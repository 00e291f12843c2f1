import { describe, expect, it } from "vitest";
import { anchorAt, into, offsetOf, rowsAt } from "./rows";

describe("rows in view", () => {
  it("are those that a pixel of the view touches, and some more", () => {
    expect(rowsAt(0, 900, 180, 1000, 0)).toEqual({ from: 0, to: 5 });
    expect(rowsAt(90, 900, 180, 1000, 0)).toEqual({ from: 0, to: 6 });
    expect(rowsAt(1800, 900, 180, 1000, 3)).toEqual({ from: 7, to: 18 });
  });

  it("end with the list", () => {
    expect(rowsAt(-16, 900, 180, 2, 3)).toEqual({ from: 0, to: 2 });
    expect(rowsAt(9000, 900, 180, 2, 0)).toEqual({ from: 1, to: 2 });
    expect(rowsAt(0, 900, 180, 0, 3)).toEqual({ from: 0, to: 0 });
    expect(rowsAt(0, 900, 0, 10, 3)).toEqual({ from: 0, to: 0 });
  });

  it("keep the image at the top when the width changes", () => {
    const anchor = anchorAt(186 * 1000 + 93, 186, 7);
    expect(anchor).toEqual({ item: 7000, part: 0.5 });
    expect(offsetOf(anchor, 186, 7)).toBe(186 * 1000 + 93);
    expect(offsetOf(anchor, 200, 2)).toBe(3500.5 * 200);
    expect(anchorAt(-16, 186, 7)).toEqual({ item: 0, part: 0 });
  });

  it("come into view by as little as need be", () => {
    expect(into(3, 100, 0, 900, 0)).toBeUndefined();
    expect(into(9, 100, 0, 900, 0)).toBe(100);
    expect(into(3, 100, 500, 900, 0)).toBe(300);
    expect(into(3, 100, 280, 900, 40)).toBe(260);
  });
});
