import * as fc from "fast-check";
import { describe, expect, it } from "vitest";

import {
  MIN_AREA,
  MIN_POINTS,
  besideVertex,
  insertVertex,
  middleOf,
  moveVertex,
  polygonOf,
  polygonThrough,
  removeVertex,
  vertexAt,
} from "./polygon";
import type { VertexRef } from "./polygon";
import { moveShape } from "./move";
import { clampStep } from "./box";
import { areaOf, boundsOf, ringArea } from "./shape";
import type { Point, Polygon, Size } from "./types";

const SIZE: Size = { width: 640, height: 480 };
const within = fc.tuple(
  fc.double({ min: 0, max: SIZE.width, noNaN: true }),
  fc.double({ min: 0, max: SIZE.height, noNaN: true }),
);
// Zero has no sign here: clamping a pointer at -0 to the picture gives 0.
const far = fc.double({ min: -2000, max: 2000, noNaN: true }).map((value) => value + 0);
const anywhere = fc.tuple(far, far);
const ring = fc
  .array(within, { minLength: MIN_POINTS, maxLength: 12 })
  .filter((points) => ringArea(points) >= MIN_AREA);
/** Polygons of one to three rings, and one of their vertices. */
const scene = fc
  .tuple(fc.array(ring, { minLength: 1, maxLength: 3 }), fc.nat(), fc.nat())
  .map(([rings, a, b]): [Polygon, VertexRef] => {
    const place = a % rings.length;
    return [polygonOf(...rings), { ring: place, index: b % (rings[place]?.length ?? 1) }];
  });

const inside = ([x, y]: Point): boolean => x >= 0 && y >= 0 && x <= SIZE.width && y <= SIZE.height;
const others = ({ rings }: Polygon, { ring: place }: VertexRef) => rings.filter((_, i) => i !== place);

function expectSound(polygon: Polygon): void {
  for (const points of polygon.rings) {
    expect(points.length).toBeGreaterThanOrEqual(MIN_POINTS);
    expect(ringArea(points)).toBeGreaterThanOrEqual(MIN_AREA);
    expect(points.every(inside)).toBe(true);
  }
}

describe("polygonThrough", () => {
  it("gives a sound polygon inside the picture, or none", () => {
    fc.assert(
      fc.property(fc.array(anywhere, { maxLength: 12 }), (points) => {
        const polygon = polygonThrough(points, SIZE);
        if (polygon) expectSound(polygon);
      }),
    );
  });

  it("keeps every point that was set inside the picture", () => {
    fc.assert(
      fc.property(ring, (points) => {
        const polygon = polygonThrough(points, SIZE);
        const distinct = points.filter((point, i) => i === 0 || point.join() !== points[i - 1]?.join());
        fc.pre(distinct[0]?.join() !== distinct.at(-1)?.join());
        expect(polygon?.rings).toEqual([distinct]);
      }),
    );
  });

  it("refuses what has no area, and drops repetitions", () => {
    expect(polygonThrough([[0, 0], [10, 10], [5, 5]], SIZE)).toBeNull(); // prettier-ignore
    expect(polygonThrough([[-5, -5], [-9, -1], [-3, -8]], SIZE)).toBeNull(); // prettier-ignore
    const closed = polygonThrough([[0, 0], [0, 0], [10, 0], [10, 10], [0, 0]], SIZE); // prettier-ignore
    expect(closed?.rings).toEqual([[[0, 0], [10, 0], [10, 10]]]); // prettier-ignore
  });
});

describe("vertices", () => {
  it("move where they are dragged, in the picture, while an area is left; nothing else changes", () => {
    fc.assert(
      fc.property(scene, anywhere, ([polygon, at], to) => {
        const moved = moveVertex(polygon, at, to, SIZE);
        if (!moved) return;
        expectSound(moved);
        expect(others(moved, at)).toEqual(others(polygon, at));
        if (inside(to)) expect(vertexAt(moved, at)).toEqual(to);
        const rest = (one: Polygon) => one.rings[at.ring]?.toSpliced(at.index, 1);
        expect(rest(moved)).toEqual(rest(polygon));
      }),
    );
  });

  it("are inserted in the middle of an edge without a change of area, and taken away again", () => {
    fc.assert(
      fc.property(scene, ([polygon, at]) => {
        const middle = middleOf(polygon, at);
        if (!middle) throw new Error("every vertex begins an edge");
        const more = insertVertex(polygon, at, middle);
        const added = { ring: at.ring, index: at.index + 1 };
        expect(vertexAt(more, added)).toEqual(middle);
        expect(Math.abs(areaOf(more) - areaOf(polygon))).toBeLessThan(1e-6);
        expect(removeVertex(more, added)).toEqual(polygon);
      }),
    );
  });

  it("are never fewer than three, and parts and holes stay as they are", () => {
    fc.assert(
      fc.property(scene, ([polygon, at]) => {
        let left: Polygon = polygon;
        for (let next = removeVertex(left, at); next; next = removeVertex(left, { ...at, index: 0 })) {
          left = next;
          expectSound(left);
          expect(others(left, at)).toEqual(others(polygon, at));
        }
        expect(left.rings[at.ring]?.length).toBeGreaterThanOrEqual(MIN_POINTS);
      }),
    );
  });

  it("that do not exist change nothing", () => {
    const triangle = polygonOf([[0, 0], [10, 0], [0, 10]]); // prettier-ignore
    expect(moveVertex(triangle, { ring: 1, index: 0 }, [5, 5], SIZE)).toBeNull();
    expect(removeVertex(triangle, { ring: 0, index: 3 })).toBeNull();
    expect(middleOf(triangle, { ring: 0, index: 9 })).toBeUndefined();
  });

  it("follow each other around, from ring to ring", () => {
    fc.assert(
      fc.property(scene, fc.constantFrom<1 | -1>(1, -1), ([polygon, at], step) => {
        const total = polygon.rings.reduce((sum, points) => sum + points.length, 0);
        let place: VertexRef = at;
        for (let i = 0; i < total; i++) place = besideVertex(polygon, place, step);
        expect(place).toEqual(at);
        expect(besideVertex(polygon, besideVertex(polygon, at, step), step === 1 ? -1 : 1)).toEqual(at);
      }),
    );
    const two = polygonOf([[0, 0], [9, 0], [0, 9]], [[1, 1], [3, 1], [1, 3]]); // prettier-ignore
    expect(besideVertex(two, null, 1)).toEqual({ ring: 0, index: 0 });
    expect(besideVertex(two, null, -1)).toEqual({ ring: 1, index: 2 });
  });
});

describe("moveShape", () => {
  it("keeps a polygon in the picture and its form", () => {
    fc.assert(
      fc.property(scene, anywhere, ([polygon], wanted) => {
        const step = clampStep(wanted, boundsOf(polygon), SIZE);
        const moved = moveShape(polygon, step, SIZE);
        expect(moved.rings.flat().every(inside)).toBe(true);
        moved.rings.flat().forEach(([x, y], i) => {
          const [fromX, fromY] = polygon.rings.flat()[i] ?? [NaN, NaN];
          expect(x).toBeCloseTo(fromX + step[0], 6);
          expect(y).toBeCloseTo(fromY + step[1], 6);
        });
      }),
    );
  });

  it("moves a turned box by its centre", () => {
    const box = { type: "rotated_box", cx: 10, cy: 20, w: 8, h: 2, angle: 0.5 } as const;
    expect(moveShape(box, [5, -5], SIZE)).toEqual({ ...box, cx: 15, cy: 15 });
  });
});
