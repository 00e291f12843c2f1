import fc from "fast-check";
import { describe, expect, it } from "vitest";

import { described, describedFrom } from "./describe";
import { seenAt } from "./interpolate";
import type { Track } from "./types";

const box = { type: "box", x0: 0, y0: 0, x1: 10, y1: 10 } as const;
const key = (frame: number, attributes = {}) => ({ frame, geometry: box, outside: false, occluded: false, attributes });
const track = (keyframes: readonly ReturnType<typeof key>[], attributes = {}): Track => ({
  ...{ id: "a", class_id: "car", z: 0, source: "manual", author_id: null, external_id: null },
  ...{ keyframes, attributes },
});
const at = (one: Track, frame: number) => seenAt(one, frame)?.attributes;

describe("attributes of a track", () => {
  it("hold from a frame on, up to a key frame that says otherwise already", () => {
    const before = track([key(0), key(10), key(20, { door: "open" }), key(30)], { door: "shut", tint: "red" });
    const after = describedFrom(before, 5, { door: "shut", tint: "red" }, { door: "ajar", tint: "red" });
    expect(after.keyframes.map(({ frame }) => frame)).toEqual([0, 5, 10, 20, 30]);
    const doors = [0, 4, 5, 9, 10, 19, 20, 29, 30].map((frame) => at(after, frame)?.["door"]);
    expect(doors).toEqual(["shut", "shut", "ajar", "ajar", "ajar", "ajar", "open", "open", "shut"]);
    expect(at(after, 5)?.["tint"]).toBe("red");
  });

  it("can be taken away from a frame on, and set for the whole again", () => {
    const before = track([key(0), key(10)], { door: "shut" });
    const after = describedFrom(before, 10, { door: "shut" }, {});
    expect([at(after, 9), at(after, 10)]).toEqual([{ door: "shut" }, {}]);
    const whole = described(after, {}, { door: "open" });
    expect([0, 9, 10, 50].map((frame) => at(whole, frame))).toEqual(Array(4).fill({ door: "open" }));
    expect(whole.attributes).toEqual({ door: "open" });
  });

  it("stay as they are before the frame, whatever was said", () => {
    const value = fc.option(fc.constantFrom("a", "b", "c"), { nil: undefined });
    const said = value.map((one) => (one === undefined ? {} : { x: one }));
    fc.assert(
      fc.property(fc.array(said, { minLength: 1, maxLength: 6 }), said, fc.nat(60), said, (keys, own, frame, next) => {
        const before = track(keys.map((one, i) => key(10 * i, one)), own); // prettier-ignore
        const after = describedFrom(before, frame, at(before, frame) ?? {}, next);
        for (let i = 0; i < frame; i++) expect(at(after, i)).toEqual(at(before, i));
        expect(at(after, frame)).toEqual(next);
      }),
    );
  });
});
