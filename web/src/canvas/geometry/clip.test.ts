import * as fc from "fast-check";
import { describe, expect, it } from "vitest";

import { cutPolygon, joinedPolygons, subtractedPolygons } from "./clip";
import { cutMask } from "./raster";
import { pixelsOf } from "./outline";
import { distanceToSegment, inRings, ringArea } from "./shape";
import { simplified } from "./simplify";
import { snapped } from "./snap";
import type { Box, Point, Polygon } from "./types";

const SIZE = { width: 40, height: 30 };
const coordinate = (max: number) => fc.double({ min: 0, max, noNaN: true, noDefaultInfinity: true });
const point: fc.Arbitrary<Point> = fc.tuple(coordinate(SIZE.width), coordinate(SIZE.height));
/** Corners on a coarse grid too: shared edges and corners are the hard cases. */
const coarse: fc.Arbitrary<Point> = fc.tuple(fc.integer({ min: 0, max: 8 }), fc.integer({ min: 0, max: 6 })).map(([x, y]) => [5 * x, 5 * y]); // prettier-ignore
const polygon = fc
  .oneof(fc.array(point, { minLength: 3, maxLength: 7 }), fc.array(coarse, { minLength: 3, maxLength: 7 }))
  .map((ring): Polygon => ({ type: "polygon", rings: [ring] }))
  .filter(({ rings }) => rings.every((ring) => ringArea(ring) > 1));
const probes = Array.from({ length: 12 * 9 }, (_, i): Point => [(i % 12) * 3.337 + 1.13, Math.floor(i / 12) * 3.337 + 1.07]); // prettier-ignore
const inside = (p: Point, shape: Polygon | null): boolean => shape !== null && inRings(p, shape.rings);
/** Points so near to an outline that rounding decides are left out. */
const clear = (p: Point, ...shapes: readonly Polygon[]): boolean =>
  shapes.every(({ rings }) =>
    rings.every((ring) => ring.every((a, i) => distanceToSegment(p, a, ring[(i + 1) % ring.length] as Point) > 0.01)),
  );

describe("polygons", () => {
  it("join and subtract as their points do", () => {
    fc.assert(
      fc.property(polygon, polygon, (a, b) => {
        const [both, rest] = [joinedPolygons([a, b]), subtractedPolygons(a, [b])];
        for (const p of probes) {
          if (!clear(p, a, b)) continue;
          expect(inside(p, both)).toBe(inside(p, a) || inside(p, b));
          expect(inside(p, rest)).toBe(inside(p, a) && !inside(p, b));
        }
      }),
    );
  });

  it("may cross and touch themselves", () => {
    const a: Polygon = { type: "polygon", rings: [[[20, 15], [30, 10], [0, 0], [0, 0]]] }; // prettier-ignore
    const b: Polygon = { type: "polygon", rings: [[[30, 5], [30, 25], [25, 5], [0, 30], [20, 25]]] }; // prettier-ignore
    const [both, rest] = [joinedPolygons([a, b]), subtractedPolygons(a, [b])];
    for (const p of probes.filter((probe) => clear(probe, a, b))) {
      expect(inside(p, both)).toBe(inside(p, a) || inside(p, b));
      expect(inside(p, rest)).toBe(inside(p, a) && !inside(p, b));
    }
  });

  it("keep the points that no other outline touches, to the last digit", () => {
    const a: Polygon = { type: "polygon", rings: [[[0.1, 0.2], [10.3, 0.7], [9.9, 10.123456789]]] }; // prettier-ignore
    const b: Polygon = { type: "polygon", rings: [[[9, 4], [20.3, 4], [20.7, 6]]] }; // prettier-ignore
    expect(joinedPolygons([a, b])?.rings[0]).toEqual(expect.arrayContaining(a.rings[0] as Point[]));
  });

  it("keep their holes, and make some", () => {
    const square = (low: number, high: number): Point[] => [[low, low], [high, low], [high, high], [low, high]]; // prettier-ignore
    const frame = subtractedPolygons({ type: "polygon", rings: [square(0, 20)] }, [{ type: "polygon", rings: [square(5, 10)] }]); // prettier-ignore
    expect(frame?.rings).toHaveLength(2);
    const filled = frame && joinedPolygons([frame, { type: "polygon", rings: [square(5, 10)] }]);
    expect(filled?.rings.map(ringArea)).toEqual([400]);
    expect(subtractedPolygons({ type: "polygon", rings: [square(5, 10)] }, [{ type: "polygon", rings: [square(0, 20)] }])).toBeNull(); // prettier-ignore
  });

  it("and their pixels are cut into two sides without a rest", () => {
    fc.assert(
      fc.property(polygon, point, point, (shape, a, b) => {
        fc.pre(Math.hypot(b[0] - a[0], b[1] - a[1]) > 1);
        const sides = cutPolygon(shape, a, b, SIZE);
        if (sides) {
          for (const p of probes) {
            const off = (b[0] - a[0]) * (p[1] - a[1]) - (b[1] - a[1]) * (p[0] - a[0]);
            if (!clear(p, shape) || Math.abs(off) < 0.1) continue;
            expect([inside(p, sides[0]), inside(p, sides[1])]).toEqual([inside(p, shape) && off < 0, inside(p, shape) && off > 0]); // prettier-ignore
          }
        }
        const mask = pixelsOf(shape.rings, SIZE);
        const halves = mask && cutMask(mask, a, b);
        if (!halves) return;
        const area = (counts: readonly number[]): number => counts.reduce((sum, run, i) => sum + (i % 2) * run, 0);
        expect(area(halves[0].counts) + area(halves[1].counts)).toBe(area(mask.counts));
      }),
    );
  });
});

describe("simplifying", () => {
  it("leaves the outline within the tolerance, with fewer points", () => {
    fc.assert(
      fc.property(fc.array(point, { minLength: 4, maxLength: 30 }), fc.double({ min: 0.1, max: 5, noNaN: true }), (ring, by) => {
        const made = simplified({ type: "polygon", rings: [ring] }, by)?.rings[0];
        if (!made) return;
        expect(made.length).toBeLessThan(ring.length);
        for (const p of ring)
          expect(Math.min(...made.map((a, i) => distanceToSegment(p, a, made[(i + 1) % made.length] as Point)))).toBeLessThanOrEqual(by + 1e-9);
      }),
    ); // prettier-ignore
  });

  it("takes needless points away and no others", () => {
    const ring: Point[] = [[0, 0], [5, 0], [10, 0], [10, 10], [5, 10.2], [0, 10]]; // prettier-ignore
    expect(simplified({ type: "polygon", rings: [ring] }, 0.5)?.rings).toEqual([[[0, 0], [10, 0], [10, 10], [0, 10]]]); // prettier-ignore
    expect(simplified({ type: "polygon", rings: [ring.slice(0, 3)] }, 0.5)).toBeNull();
  });
});

describe("snapping", () => {
  const box: Box = { type: "box", x0: 10, y0: 10, x1: 20, y1: 20 };

  it("prefers corners, then sides, then leaves the point alone", () => {
    expect(snapped([11, 9], [box], SIZE, 2)).toEqual([10, 10]);
    expect(snapped([15, 9], [box], SIZE, 2)).toEqual([15, 10]);
    expect(snapped([15, 14], [box], SIZE, 2)).toEqual([15, 14]);
  });

  it("knows the border of the picture", () => {
    expect(snapped([39, 15], [box], SIZE, 2)).toEqual([40, 15]);
    expect(snapped([39, 29.5], [], SIZE, 2)).toEqual([40, 30]);
  });
});
