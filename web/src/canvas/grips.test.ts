import { describe, expect, it } from "vitest";

import { gripsOf, nearestGrip } from "./grips";
import type { Fingers, Grip } from "./grips";
import type { Geometry, Point } from "./geometry/types";

const camera = { scale: 2, tx: 0, ty: 0 };
const pointer: Fingers = { view: { width: 800, height: 600 }, touch: false, vertex: null };
const finger: Fingers = { ...pointer, touch: true };

const box: Geometry = { type: "box", x0: 0, y0: 0, x1: 100, y1: 100 };
const square: Geometry = { type: "polygon", rings: [[[10, 10], [110, 10], [110, 110], [10, 110]]] }; // prettier-ignore

/** A circle of many points. */
const dense = (points: number, radius = 100): Geometry => ({
  type: "polygon",
  rings: [
    Array.from({ length: points }, (_, i): Point => {
      const angle = (2 * Math.PI * i) / points;
      return [150 + radius * Math.cos(angle), 150 + radius * Math.sin(angle)];
    }),
  ],
});
const kinds = (grips: readonly Grip[], kind: Grip["kind"]): Grip[] => grips.filter((grip) => grip.kind === kind);

describe("grips of a box", () => {
  const at = (geometry: Geometry, screen: Point) => nearestGrip(gripsOf(geometry, camera, pointer), screen, 8);

  it("are its corners and sides, and only corners on a small box", () => {
    expect(at(box, [1, 2])).toMatchObject({ handle: "nw" });
    expect(at(box, [100, 201])).toMatchObject({ handle: "s" });
    expect(at(box, [100, 100])).toBeNull();
    expect(at({ ...box, x1: 10, y1: 10 }, [24, 22])).toMatchObject({ handle: "se" });
    expect(gripsOf({ ...box, x1: 10, y1: 10 }, camera, pointer)).toHaveLength(4);
  });

  it("step aside where they would hide it, each side by itself, and leave its inside to move it", () => {
    const places = (shape: Geometry, fingers = pointer) =>
      gripsOf(shape, camera, fingers).map(
        (grip) => grip.kind === "corner" && [grip.handle, grip.screen, grip.off.map((one) => one + 0)],
      );
    expect(places({ ...box, x1: 100, y1: 5 })).toEqual([
      ["nw", [0, -5.5], [0, -2.75]],
      ["ne", [200, -5.5], [0, -2.75]],
      ["se", [200, 15.5], [0, 2.75]],
      ["sw", [0, 15.5], [0, 2.75]],
    ]);
    expect(places({ ...box, x1: 2, y1: 2 })[2]).toEqual(["se", [9.5, 9.5], [2.75, 2.75]]);
    expect(places({ ...box, x1: 2, y1: 2 }, finger)[2]).toEqual(["se", [17, 17], [6.5, 6.5]]);
    expect(at({ ...box, x1: 5, y1: 5 }, [5, 5])).toBeNull();
  });

  it("stand off without a jump where one zooms out", () => {
    const off = (side: number) => {
      const grip = gripsOf({ ...box, x1: side, y1: side }, { scale: 1, tx: 0, ty: 0 }, pointer)[0];
      return grip?.kind === "corner" ? -grip.off[0] : NaN;
    };
    const wanted = [0, 0, 1, 3.5, 5.5, 5.5];
    [28, 27, 25, 20, 16, 4].forEach((side, i) => {
      expect(off(side)).toBeCloseTo(wanted[i] ?? NaN);
    });
  });

  it("stand off along the sides of a turned box", () => {
    const turned: Geometry = { type: "rotated_box", cx: 50, cy: 50, w: 40, h: 4, angle: Math.PI / 2 };
    const found = gripsOf(turned, camera, pointer).find((grip) => grip.kind === "corner" && grip.handle === "se");
    // Its lower side looks to the left.
    expect(found?.screen).toEqual([expect.closeTo(96 - 5.5), expect.closeTo(140)]);
  });
});

describe("grips of a polygon", () => {
  it("are its vertices and the middles of its long edges; a vertex is meant first", () => {
    const grips = gripsOf(square, camera, pointer);
    expect(kinds(grips, "vertex")).toHaveLength(4);
    expect(kinds(grips, "middle").map(({ screen }) => screen)).toContainEqual([120, 20]);
    expect(nearestGrip(grips, [22, 24], 8)).toMatchObject({ kind: "vertex", at: { ring: 0, index: 0 } });
    expect(nearestGrip(grips, [20, 121], 8)).toMatchObject({ kind: "middle", at: { ring: 0, index: 3 } });
  });

  it("stay apart on a dense outline, more of them the closer one looks", () => {
    const grips = gripsOf(dense(5000), camera, pointer);
    expect(grips.length).toBeLessThan(150);
    grips.forEach(({ screen: [x, y] }, i) => {
      const [px, py] = grips[i - 1]?.screen ?? [Infinity, Infinity];
      expect(Math.hypot(x - px, y - py)).toBeGreaterThanOrEqual(11);
    });
    const close = gripsOf(dense(2000), { scale: 60, tx: -14_700, ty: -9000 }, pointer);
    expect(kinds(close, "vertex").map((grip) => grip.kind === "vertex" && grip.at.index)).toEqual(
      expect.arrayContaining([0, 1, 2, 3]),
    );
  });

  it("always hold the chosen vertex, and never too many elements for a page", () => {
    const chosen = { ring: 0, index: 1 };
    const grips = gripsOf(dense(5000), camera, { ...pointer, vertex: chosen });
    expect(grips).toContainEqual(expect.objectContaining({ at: chosen }));
    const wide = { ...pointer, view: { width: 1e6, height: 1e6 } };
    expect(gripsOf(dense(90_000, 1e5), { scale: 4, tx: 6e5, ty: 6e5 }, wide).length).toBeLessThanOrEqual(1000);
  });

  it("are small on a small outline, whose vertices cannot step aside", () => {
    const sizes = (radius: number) =>
      gripsOf(dense(12, radius), camera, pointer).map((grip) => "small" in grip && grip.small);
    expect(new Set(sizes(10))).toEqual(new Set([true]));
    expect(sizes(40)).not.toContain(true);
  });

  it("need more room under fingers", () => {
    const mouse = gripsOf(dense(100), camera, pointer).length;
    expect(gripsOf(dense(100), camera, finger).length).toBeLessThan(mouse);
  });

  it("are none for a shape that no hand can reshape", () => {
    expect(gripsOf({ type: "mask", width: 2, height: 2, counts: [0, 4] }, camera, pointer)).toEqual([]);
  });
});
