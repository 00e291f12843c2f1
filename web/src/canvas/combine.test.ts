import { describe, expect, it } from "vitest";

import { converting, fillingHoles } from "./combine";
import { maskArea } from "./geometry/mask";
import type { Geometry } from "./geometry/types";
import { drawn } from "./store/changes";
import type { Annotation, Change } from "./store/changes";

const SIZE = { width: 40, height: 30 };
const of = (geometry: Geometry): Annotation => drawn(geometry, "cat");
const made = ([change]: readonly Change[]): Geometry | undefined =>
  change?.op === "update" ? change.after.geometry : undefined;
const frame: Geometry = {
  type: "polygon",
  rings: [
    [[2, 2], [20, 2], [20, 20], [2, 20]],
    [[5, 5], [10, 5], [10, 10], [5, 10]],
  ],
}; // prettier-ignore

describe("polygon and mask", () => {
  it("become each other and have the same pixels", () => {
    const mask = made(converting([of(frame)], SIZE).changes);
    expect(mask?.type === "mask" && maskArea(mask)).toBe(18 * 18 - 25);
    const back = mask && made(converting([of(mask)], SIZE).changes);
    expect(back?.type === "polygon" && back.rings).toHaveLength(2);
    expect(back && made(converting([of(back)], SIZE).changes)).toEqual(mask);
  });

  it("leave other shapes alone, and say why one cannot be", () => {
    expect(converting([of({ type: "box", x0: 0, y0: 0, x1: 5, y1: 5 })], SIZE)).toEqual({ changes: [] });
    const speck: Geometry = { type: "polygon", rings: [[[1.1, 1.1], [1.2, 1.1], [1.2, 1.2]]] }; // prettier-ignore
    expect(converting([of(speck)], SIZE)).toEqual({ changes: [], refusal: "no pixels" });
  });

  it("lose their holes, where there are some", () => {
    const filled = made(fillingHoles([of(frame)]));
    expect(filled?.type === "polygon" && filled.rings).toEqual([frame.rings[0]]);
    const mask = made(converting([of(frame)], SIZE).changes);
    const whole = mask && made(fillingHoles([of(mask)]));
    expect(whole?.type === "mask" && maskArea(whole)).toBe(18 * 18);
    expect(whole && fillingHoles([of(whole)])).toEqual([]);
  });
});
