import fc from "fast-check";
import { describe, expect, it } from "vitest";

import { carrying, pasting } from "./carry";
import { Document } from "./document";
import { boundsOf } from "./geometry/shape";
import type { Geometry } from "./geometry/types";
import { changeSet, drawn } from "./store/changes";
import type { Change } from "./store/changes";

const made = (changes: readonly Change[]) => changes.flatMap((one) => (one.op === "create" ? [one.annotation] : []));
const document = (width = 200, height = 150) => new Document("picture", { width, height });
const box = (x0: number, y0: number, x1: number, y1: number): Geometry => ({ type: "box", x0, y0, x1, y1 });

describe("pasting", () => {
  it("keeps the place in another picture and stands beside the original in the same one", () => {
    const original = drawn(box(10, 20, 50, 60), "cat");
    const there = document();
    expect(made(pasting([original], there))[0]).toMatchObject({ geometry: original.geometry, class_id: "cat" });
    there.store.apply(changeSet("local", [{ op: "create", annotation: original }]));
    const [copy] = made(pasting([original], there));
    expect(copy?.geometry).toEqual(box(20, 30, 60, 70));
    expect(copy?.id).not.toBe(original.id);
  });

  it("makes a proposal the work of a hand", () => {
    const proposal = { ...drawn(box(1, 1, 9, 9), "cat"), state: "proposal" as const, run_id: "run", external_id: "7" };
    expect(made(pasting([proposal], document()))[0]).toMatchObject({
      state: "accepted",
      run_id: null,
      external_id: null,
    });
  });

  it("leaves out what a smaller picture cannot hold, and a mask of another size", () => {
    const mask = drawn({ type: "mask", width: 4, height: 4, counts: [16] }, "cat");
    expect(pasting([drawn(box(0, 0, 300, 20), "cat"), mask], document())).toEqual([]);
  });

  it("never leaves the picture", () => {
    const side = fc.double({ min: 1, max: 400, noNaN: true });
    const place = fc.double({ min: 0, max: 400, noNaN: true });
    fc.assert(
      fc.property(place, place, side, side, (x, y, w, h) => {
        for (const { geometry } of made(pasting([drawn(box(x, y, x + w, y + h), "cat")], document()))) {
          const [x0, y0, x1, y1] = boundsOf(geometry);
          expect(x0 >= 0 && y0 >= 0 && x1 <= 200 && y1 <= 150).toBe(true);
          expect(x1 - x0).toBeCloseTo(w, 6);
        }
      }),
    );
  });
});

describe("carrying", () => {
  it("adds nothing when it is done twice", () => {
    const shapes = [drawn(box(10, 20, 50, 60), "cat"), drawn(box(1, 2, 5, 6), "dog")];
    const there = document();
    const changes = carrying(shapes, there);
    there.store.apply(changeSet("local", changes));
    expect(changes).toHaveLength(2);
    expect(carrying(shapes, there)).toEqual([]);
    there.history.undo();
    expect(there.store.size).toBe(0);
  });
});
