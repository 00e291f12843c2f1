import { describe, expect, it } from "vitest";

import { copiesOf } from "./carry";
import { seenAt } from "./interpolate";
import type { KeyFrame, Track } from "./types";

const box = (x0: number) => ({ type: "box", x0, y0: 0, x1: x0 + 10, y1: 10 }) as const;
const key = (frame: number, x0: number, outside = false): KeyFrame => ({
  ...{ frame, geometry: box(x0), outside, occluded: false, attributes: {} },
});
const track: Track = {
  ...{ id: "a", class_id: "car", z: 0, attributes: {}, source: "manual", author_id: "me", external_id: "7" },
  keyframes: [key(10, 0), key(30, 40), key(40, 40, true)],
};
const target = { tracks: [track], picture: { width: 100, height: 50 }, frames: 60 };

describe("copies of tracks", () => {
  it("lie beside their originals, with names of their own", () => {
    const [copy] = copiesOf([track], 0, target);
    expect(copy).toMatchObject({ class_id: "car", author_id: null, external_id: null });
    expect(copy?.id).not.toBe("a");
    expect(copy?.keyframes.map(({ geometry }) => geometry)).toEqual(
      [10, 50, 50].map((x0) => ({ ...box(x0), y0: 10, y1: 20 })),
    );
  });

  it("show at every frame what the original shows so many frames before, as far as the video goes", () => {
    for (let later = -45; later <= 50; later++) {
      const [copy] = copiesOf([track], later, { ...target, tracks: [] });
      for (let frame = 0; frame < 60; frame++) {
        const seen = seenAt(track, frame - later)?.geometry;
        expect(copy && seenAt(copy, frame)?.geometry).toEqual(seen);
      }
      if (!copy) continue;
      const frames = copy.keyframes.map((one) => one.frame);
      expect(Math.min(...frames)).toBeGreaterThanOrEqual(0);
      expect(Math.max(...frames)).toBeLessThan(60);
    }
  });

  it("are moved into smaller pictures, and left out where they are too large for them", () => {
    const [copy] = copiesOf([track], 0, { ...target, tracks: [], picture: { width: 30, height: 30 } });
    expect(copy?.keyframes.map(({ geometry }) => geometry)).toEqual([box(0), box(20), box(20)]);
    expect(copiesOf([track], 0, { ...target, picture: { width: 5, height: 5 } })).toEqual([]);
  });
});
