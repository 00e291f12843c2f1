import * as fc from "fast-check";
import { describe, expect, it } from "vitest";

import { boundsOf, intersects } from "./geometry/shape";
import type { Bounds } from "./geometry/types";
import { hitShapes } from "./hit";
import { SpatialIndex, byOrder } from "./spatial";
import { changeSet, drawn, update } from "./store/changes";
import type { Annotation, Change } from "./store/changes";
import { Store } from "./store/store";

const box = (x: number, y: number, w: number, h: number, id?: string): Annotation => {
  const made = drawn({ type: "box", x0: x, y0: y, x1: x + w, y1: y + h }, "cat");
  return id === undefined ? made : { ...made, id };
};
const integer = fc.integer({ min: 0, max: 200 });
const side = fc.integer({ min: 1, max: 60 });
const annotation = fc.tuple(integer, integer, side, side).map(([x, y, w, h]) => box(x, y, w, h));

describe("SpatialIndex", () => {
  it("finds what a walk over everything finds, before and after many changes", () => {
    const edits = fc.array(fc.tuple(fc.nat(), integer, fc.constantFrom("move", "delete", "create")), {
      maxLength: 400,
    });
    fc.assert(
      fc.property(
        fc.array(annotation, { maxLength: 60 }),
        edits,
        integer,
        integer,
        side,
        side,
        (list, todo, x, y, w, h) => {
          const store = new Store(list);
          const index = new SpatialIndex(store);
          for (const [pick, value, kind] of todo) {
            const known = store.all()[pick % Math.max(store.size, 1)];
            store.apply(changeSet("local", [edit(known, value, kind)]));
          }
          const area: Bounds = [x, y, x + w, y + h];
          const expected = [...store.all()]
            .filter(({ geometry }) => intersects(boundsOf(geometry), area))
            .sort(byOrder);
          expect(index.query(area)).toEqual(expected);
        },
      ),
      { numRuns: 50 },
    );
  });
});

function edit(known: Annotation | undefined, value: number, kind: string): Change {
  if (!known || kind === "create") return { op: "create", annotation: box(value, value, 10, 10) };
  if (kind === "delete") return { op: "delete", annotation: known };
  return update(known, { geometry: box(value, 5, 20, 20).geometry });
}

describe("hit testing", () => {
  const camera = { scale: 2, tx: 0, ty: 0 };
  const big = box(0, 0, 100, 100, "big");
  const small = box(40, 40, 20, 20, "small");
  const index = new SpatialIndex(new Store([small, big]));
  const ids = (screen: readonly [number, number]) => hitShapes(index, camera, screen).map(({ id }) => id);

  it("prefers the smallest shape, whatever was drawn last", () => {
    expect(ids([100, 100])).toEqual(["small", "big"]);
    expect(ids([20, 100])).toEqual(["big"]);
    expect(ids([300, 300])).toEqual([]);
  });

  it("prefers an edge to an inside, and reaches it from a little outside", () => {
    const nested = new SpatialIndex(
      new Store([box(0, 0, 50, 50, "outer"), box(44, 10, 5, 30, "inner"), box(45, 0, 60, 60, "other")]),
    );
    expect(hitShapes(nested, camera, [99, 50]).map(({ id }) => id)).toEqual(["inner", "outer", "other"]);
    expect(ids([203, 100])).toEqual(["big"]);
    expect(ids([207, 100])).toEqual([]);
  });

  it("leaves out what is hidden", () => {
    const visible = ({ id }: Annotation) => id !== "small";
    expect(hitShapes(index, camera, [100, 100], { visible }).map(({ id }) => id)).toEqual(["big"]);
  });
});
