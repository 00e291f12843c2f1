import * as fc from "fast-check";
import { describe, expect, it } from "vitest";

import { maskContains } from "./mask";
import { outerRings, outlineOf, pixelsOf, withoutHoles } from "./outline";
import { columnOf, differenceBounds, joined, maskOf, Raster, sameMask, subtracted } from "./raster";
import { inRings } from "./shape";
import { inverted } from "./spans";
import type { Bounds, Mask, Point } from "./types";

const [WIDTH, HEIGHT] = [9, 7];
const SIZE = { width: WIDTH, height: HEIGHT };
type Bits = readonly boolean[];

const bits: fc.Arbitrary<Bits> = fc.array(fc.boolean(), { minLength: WIDTH * HEIGHT, maxLength: WIDTH * HEIGHT });
const isSet = (pixels: Bits, x: number, y: number): boolean => pixels[x * HEIGHT + y] ?? false;
const cells = Array.from({ length: WIDTH * HEIGHT }, (_, i): Point => [Math.floor(i / HEIGHT), i % HEIGHT]);

const encode = (pixels: Bits): Mask | null =>
  maskOf(SIZE, (x) => {
    const spans: number[] = [];
    for (let y = 0; y < HEIGHT; y++) {
      if (!isSet(pixels, x, y)) continue;
      if (spans.at(-1) === y) spans.pop();
      else spans.push(y);
      spans.push(y + 1);
    }
    return spans;
  });
const decode = (mask: Mask | null): Bits => cells.map(([x, y]) => mask !== null && maskContains(mask, x, y));
const some = bits.map(encode).filter((mask) => mask !== null);

describe("columns of a mask", () => {
  it("are runs of COCO and come back", () => {
    fc.assert(
      fc.property(bits, (pixels) => {
        const mask = encode(pixels);
        expect(decode(mask)).toEqual(pixels);
        if (!mask) return;
        expect(mask.counts.reduce((sum, run) => sum + run, 0)).toBe(WIDTH * HEIGHT);
        expect(mask.counts.slice(1).every((run) => run > 0)).toBe(true);
        expect(maskOf(SIZE, (x) => columnOf(mask, x))).toEqual(mask);
      }),
    );
  });

  it("join and subtract pixel by pixel", () => {
    fc.assert(
      fc.property(some, some, some, (a, b, c) => {
        const [p, q, r] = [decode(a), decode(b), decode(c)];
        expect(decode(joined([a, b, c]))).toEqual(p.map((bit, i) => bit || q[i] || r[i]));
        expect(decode(subtracted(a, [b, c]))).toEqual(p.map((bit, i) => bit && !q[i] && !r[i]));
      }),
    );
  });

  it("tell where two masks differ", () => {
    fc.assert(
      fc.property(some, some, (a, b) => {
        const [p, q] = [decode(a), decode(b)];
        const apart = cells.filter((_, i) => p[i] !== q[i]);
        const [xs, ys] = [apart.map(([x]) => x), apart.map(([, y]) => y)];
        const wanted: Bounds = [Math.min(...xs), Math.min(...ys), Math.max(...xs) + 1, Math.max(...ys) + 1];
        expect(differenceBounds(a, b)).toEqual(apart.length > 0 ? wanted : null);
        expect(sameMask(a, b)).toBe(apart.length === 0);
      }),
    );
  });

  it("are inverted within the picture", () => {
    expect(inverted([], 5)).toEqual([0, 5]);
    expect(inverted([0, 2, 4, 5], 5)).toEqual([2, 4]);
  });
});

describe("a brush", () => {
  const place = fc.tuple(fc.double({ min: -3, max: 12, noNaN: true }), fc.double({ min: -3, max: 10, noNaN: true }));
  const radius = fc.double({ min: 0.5, max: 5, noNaN: true });
  const distance = ([px, py]: Point, [ax, ay]: Point, [bx, by]: Point): number => {
    const length = (bx - ax) ** 2 + (by - ay) ** 2;
    const along = length === 0 ? 0 : Math.min(1, Math.max(0, ((px - ax) * (bx - ax) + (py - ay) * (by - ay)) / length));
    return Math.hypot(px - ax - along * (bx - ax), py - ay - along * (by - ay));
  };

  it("sets or wipes the pixels whose centre its line covers, and no others", () => {
    fc.assert(
      fc.property(some, place, place, radius, fc.boolean(), (mask, a, b, r, wipes) => {
        const raster = new Raster(SIZE, mask);
        const dirty = raster.stroke(a, b, r, wipes);
        const before = decode(mask);
        decode(raster.toMask()).forEach((bit, i) => {
          const [x, y] = cells[i] as Point;
          const far = distance([x + 0.5, y + 0.5], a, b) - r;
          if (Math.abs(far) < 1e-6) return;
          expect(bit).toBe(far < 0 ? !wipes : before[i]);
          if (bit !== before[i] && dirty)
            expect(x >= dirty[0] && x < dirty[2] && y >= dirty[1] && y < dirty[3]).toBe(true);
        });
      }),
    );
  });

  it("as large as a pixel leaves no gap in a line", () => {
    const raster = new Raster({ width: 50, height: 50 });
    raster.stroke([2.5, 2.5], [40.5, 20.5], 0.5, false);
    const mask = raster.toMask();
    expect(mask?.counts.length).toBe(2 * 39 + 1);
  });
});

describe("outlines of a mask", () => {
  it("run along its pixels: filled again they are the mask, also by the rule for polygons", () => {
    fc.assert(
      fc.property(some, (mask) => {
        const { rings } = outlineOf(mask);
        const pixels = decode(mask);
        cells.forEach(([x, y], i) => expect(inRings([x + 0.5, y + 0.5], rings)).toBe(pixels[i]));
        expect(pixelsOf(rings, SIZE)).toEqual(mask);
        for (const ring of rings) {
          expect(ring.length).toBeGreaterThanOrEqual(4);
        }
      }),
      { numRuns: 300 },
    );
  });

  it("keep pixels that touch at a corner apart, and give holes a ring", () => {
    const diagonal = encode(cells.map(([x, y]) => (x === 1 && y === 1) || (x === 2 && y === 2)));
    const frame = encode(cells.map(([x, y]) => x < 3 && y < 3 && !(x === 1 && y === 1)));
    expect(diagonal && outlineOf(diagonal).rings).toHaveLength(2);
    const rings = frame ? outlineOf(frame) : null;
    expect(rings?.rings).toHaveLength(2);
    expect(rings && outerRings(rings)).toEqual([[[0, 3], [0, 0], [3, 0], [3, 3]]]); // prettier-ignore
  });

  it("of a polygon are the pixels whose centre is inside", () => {
    const point = fc.tuple(fc.double({ min: -3, max: 12, noNaN: true }), fc.double({ min: -3, max: 10, noNaN: true }));
    fc.assert(
      fc.property(fc.array(point, { minLength: 3, maxLength: 8 }), (ring) => {
        const pixels = decode(pixelsOf([ring], SIZE));
        cells.forEach(([x, y], i) => expect(pixels[i]).toBe(inRings([x + 0.5, y + 0.5], [ring])));
      }),
    );
  });
});

describe("filling holes", () => {
  it("sets what no way leads out of", () => {
    fc.assert(
      fc.property(some, (mask) => {
        const pixels = decode(mask);
        const outside = new Set<string>();
        const visit = (x: number, y: number): void => {
          const within = x >= -1 && y >= -1 && x <= WIDTH && y <= HEIGHT;
          const row = y >= 0 && y < HEIGHT;
          if (!within || outside.has(`${x},${y}`) || (row && isSet(pixels, x, y))) return;
          outside.add(`${x},${y}`);
          for (const [dx, dy] of [[1, 0], [-1, 0], [0, 1], [0, -1]] as const) visit(x + dx, y + dy); // prettier-ignore
        };
        visit(-1, -1);
        expect(decode(withoutHoles(mask))).toEqual(cells.map(([x, y]) => !outside.has(`${x},${y}`)));
      }),
    );
  });
});
