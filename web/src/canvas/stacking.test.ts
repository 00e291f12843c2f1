import fc from "fast-check";
import { describe, expect, it } from "vitest";

import { boundsOf, intersects } from "./geometry/shape";
import { stacking } from "./stacking";
import type { Stacking } from "./stacking";
import { drawn } from "./store/changes";
import type { Annotation } from "./store/changes";

const box = (x0: number, z: number, width = 20): Annotation => ({
  ...drawn({ type: "box", x0, y0: 0, x1: x0 + width, y1: 10 }, "cat"),
  z,
});
const touch = (a: Annotation, b: Annotation) => intersects(boundsOf(a.geometry), boundsOf(b.geometry));

function stacked(how: Stacking, chosen: readonly Annotation[], all: readonly Annotation[]): Map<string, number> {
  const near = (one: Annotation) => all.filter((other) => touch(one, other));
  const changes = stacking(how, chosen, { all, near });
  const zs = new Map(all.map(({ id, z }) => [id, z]));
  for (const change of changes) if (change.op === "update") zs.set(change.id, change.after.z ?? 0);
  return zs;
}

const scene = fc.array(fc.tuple(fc.integer({ min: 0, max: 60 }), fc.integer({ min: -2, max: 2 })), {
  minLength: 2,
  maxLength: 9,
});

describe("stacking", () => {
  it("brings one above the next that it touches, and no further", () => {
    const [a, b, c, far] = [box(0, 0), box(5, 0), box(10, 1), box(100, 0)];
    const all = [a, b, c, far];
    const zs = stacked("forward", [a], all);
    expect([zs.get(a.id), zs.get(b.id), zs.get(c.id), zs.get(far.id)]).toEqual([1, 0, 2, 0]);
    const lifted = all.map((one) => ({ ...one, z: zs.get(one.id) ?? 0 }));
    const [a2] = lifted as [Annotation];
    expect(stacked("forward", [a2], lifted).get(a.id)).toBe(3);
    expect([...stacked("forward", [far], all).values()]).toEqual([0, 0, 1, 0]);
  });

  it("says nothing is to do where one lies there already", () => {
    const [a, b] = [box(0, 2), box(5, 1)];
    expect([...stacked("front", [a], [a, b]).values()]).toEqual([2, 1]);
    expect([...stacked("back", [b], [a, b]).values()]).toEqual([2, 1]);
    expect([...stacked("front", [a, b], [a, b]).values()]).toEqual([2, 1]);
  });

  it("puts the chosen ones beyond all others, in their own order, to either side", () => {
    fc.assert(
      fc.property(scene, fc.nat(), fc.constantFrom("front", "back"), (shapes, pick, how) => {
        const all = shapes.map(([x, z]) => box(x, z));
        const chosen = all.filter((_, i) => ((pick >> i) & 1) === 1);
        const zs = stacked(how, chosen, all);
        const sign = how === "front" ? 1 : -1;
        const at = ({ id }: Annotation): number => sign * (zs.get(id) ?? 0);
        const others = all.filter((one) => !chosen.includes(one));
        for (const one of chosen) for (const other of others) expect(at(one)).toBeGreaterThan(at(other));
        for (const one of chosen)
          for (const two of chosen) if (sign * one.z < sign * two.z) expect(at(one)).toBeLessThan(at(two));
        for (const other of others) expect(zs.get(other.id)).toBe(other.z);
      }),
    );
  });

  it("a step passes one level and leaves the order of all others that touch", () => {
    fc.assert(
      fc.property(scene, fc.nat(), fc.constantFrom("forward", "backward"), (shapes, pick, how) => {
        const all = shapes.map(([x, z]) => box(x, z));
        const chosen = all[pick % all.length];
        if (!chosen) return;
        const zs = stacked(how, [chosen], all);
        const sign = how === "forward" ? 1 : -1;
        const [at, was] = [({ id }: Annotation) => sign * (zs.get(id) ?? 0), ({ z }: Annotation) => sign * z];
        const others = all.filter((one) => one !== chosen);
        for (const one of others)
          for (const two of others) if (touch(one, two) && was(one) < was(two)) expect(at(one)).toBeLessThan(at(two));
        const above = others.filter((one) => touch(one, chosen) && was(one) >= was(chosen));
        const next = Math.min(...above.map(was));
        for (const one of above) expect(at(one) < at(chosen)).toBe(was(one) === next);
      }),
    );
  });
});
