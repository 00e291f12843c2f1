import * as fc from "fast-check";
import { describe, expect, it } from "vitest";

import { areaOf, boundsOf, contains, edgeDistance } from "./shape";
import type { Geometry, Mask } from "./types";

const triangle: Geometry = { type: "polygon", rings: [[[0, 0], [10, 0], [0, 10]]] }; // prettier-ignore
const withHole: Geometry = {
  type: "polygon",
  rings: [[[0, 0], [10, 0], [10, 10], [0, 10]], [[4, 4], [6, 4], [6, 6], [4, 6]]],
}; // prettier-ignore
const turned: Geometry = { type: "rotated_box", cx: 10, cy: 10, w: 8, h: 2, angle: Math.PI / 2 };

/** Packs rows of 0 and 1 into column-major runs. */
function maskOf(rows: readonly (readonly number[])[]): Mask {
  const [height, width] = [rows.length, rows[0]?.length ?? 0];
  const counts = [0];
  let value = 0;
  for (let x = 0; x < width; x++) {
    for (let y = 0; y < height; y++) {
      if (rows[y]?.[x] !== value) {
        counts.push(0);
        value = 1 - value;
      }
      counts[counts.length - 1] = (counts.at(-1) ?? 0) + 1;
    }
  }
  return { type: "mask", width, height, counts };
}

describe("polygons and rotated boxes", () => {
  it("know bounds and area", () => {
    expect(boundsOf(triangle)).toEqual([0, 0, 10, 10]);
    expect(areaOf(triangle)).toBe(50);
    const [x0, y0, x1, y1] = boundsOf(turned);
    expect([x0, y0, x1, y1].map((v) => Math.round(v))).toEqual([9, 6, 11, 14]);
  });

  it("tell inside from outside, holes by the even-odd rule", () => {
    expect(contains(triangle, [2, 2])).toBe(true);
    expect(contains(triangle, [8, 8])).toBe(false);
    expect(contains(withHole, [5, 5])).toBe(false);
    expect(contains(withHole, [2, 5])).toBe(true);
    expect(contains(turned, [10, 13])).toBe(true);
    expect(contains(turned, [13, 10])).toBe(false);
  });

  it("measure the way to the nearest edge", () => {
    expect(edgeDistance(withHole, [5, 4.5])).toBeCloseTo(0.5);
    expect(edgeDistance({ type: "box", x0: 0, y0: 0, x1: 4, y1: 4 }, [7, 8])).toBeCloseTo(5);
  });
});

describe("masks", () => {
  const rows = fc.tuple(fc.integer({ min: 1, max: 8 }), fc.integer({ min: 1, max: 8 })).chain(([w, h]) =>
    fc.array(fc.array(fc.integer({ min: 0, max: 1 }), { minLength: w, maxLength: w }), {
      minLength: h,
      maxLength: h,
    }),
  );

  it("agree with their pixels", () => {
    fc.assert(
      fc.property(rows, (pixels) => {
        const mask = maskOf(pixels);
        const set = pixels.flatMap((row, y) => row.flatMap((value, x) => (value === 1 ? [[x, y] as const] : [])));
        fc.pre(set.length > 0);
        expect(areaOf(mask)).toBe(set.length);
        const [xs, ys] = [set.map(([x]) => x), set.map(([, y]) => y)];
        const expected = [Math.min(...xs), Math.min(...ys), Math.max(...xs) + 1, Math.max(...ys) + 1];
        expect(boundsOf(mask)).toEqual(expected);
        pixels.forEach((row, y) =>
          row.forEach((value, x) => expect(contains(mask, [x + 0.5, y + 0.5])).toBe(value === 1)),
        );
      }),
    );
  });
});
