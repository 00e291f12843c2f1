// @vitest-environment jsdom
import { describe, expect, it } from "vitest";

import { PRESETS } from "../keymap/presets";
import { Keymap, START } from "../keymap/keymap";
import type { Track } from "../../canvas";
import { endOf, followed } from "./follow";
import { Frames, wantedAround } from "./frames";
import { laneOf, ticks, tickStep } from "./lanes";
import { VIDEOS } from "./scope";

describe("the keys of the video editor", () => {
  it.each(PRESETS)("gives every action of %s a key of its own, which the images keep for theirs", (preset) => {
    const keymap = new Keymap({ ...START, preset }, VIDEOS);
    const without = VIDEOS.actions.filter(({ id, keys }) => keys.length > 0 && keymap.keysOf(id).length === 0);
    expect(without.map(({ id }) => id)).toEqual([]);
    for (const { id } of VIDEOS.actions) for (const key of keymap.keysOf(id)) expect(keymap.idFor(key)).toBe(id);
  });

  it("remembers what a person has chosen here beside what was chosen for images", () => {
    const images = new Keymap({ preset: "boxwright", own: { boxwright: { next: ["Alt+N"] } } });
    const video = new Keymap(new Keymap(images.choice, VIDEOS).bound("keyFrame", "Alt+K"), VIDEOS);
    expect(video.keysOf("keyFrame")).toEqual(["K", "Alt+K"]);
    expect(video.isChanged).toBe(true);
    expect(new Keymap(video.resetAll()).keysOf("next")).toEqual(["Alt+N"]);
  });
});

describe("frames that are fetched ahead", () => {
  it("come first ahead of the one on show, a third of them behind it, and only those that there are", () => {
    expect(wantedAround(10, 100, 7, 1)).toEqual([10, 11, 12, 9, 13, 14, 8]);
    expect(wantedAround(10, 100, 4, -1)).toEqual([10, 9, 8, 11]);
    expect(wantedAround(0, 3, 10, 1).toSorted()).toEqual([0, 1, 2]);
    expect(wantedAround(2, 3, 10, 1).toSorted()).toEqual([0, 1, 2]);
  });

  it("are fetched once, in order, and forgotten when they are far away", async () => {
    const asked: number[] = [];
    const closed: number[] = [];
    const load = (frame: number): Promise<ImageBitmap> => {
      asked.push(frame);
      return Promise.resolve({ close: () => closed.push(frame) } as unknown as ImageBitmap);
    };
    const came: number[] = [];
    const frames = new Frames(load, { width: 4000, height: 3000, frames: 500 }, (one) => came.push(one), () => undefined); // prettier-ignore
    frames.want(0, 1);
    await expect.poll(() => came.length).toBe(12);
    expect(asked).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]);
    frames.show(0);
    frames.want(400, 1);
    await expect.poll(() => came.length).toBe(24);
    expect(closed).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]);
    frames.show(400);
    expect(closed).toContain(0);
    expect(new Set(asked).size).toBe(asked.length);
  });
});

describe("the timeline", () => {
  it("has ticks at round frames, never too close", () => {
    expect([24, 10, 1, 0.1, 0.003].map(tickStep)).toEqual([5, 10, 100, 1000, 50_000]);
    expect(ticks({ from: 7, to: 31, scale: 12 })).toEqual([10, 20, 30]);
  });

  it("draws what is in view", () => {
    const geometry = { type: "box", x0: 0, y0: 0, x1: 1, y1: 1 } as const;
    const key = { geometry, outside: false, occluded: false, attributes: {} };
    const keyframes = [{ ...key, frame: 2 }, { ...key, frame: 5, outside: true }, { ...key, frame: 90 }]; // prettier-ignore
    const track = { id: "t", class_id: "c", keyframes, z: 0, attributes: {}, source: "manual", author_id: null, external_id: null } as const; // prettier-ignore
    const { seen, keys, ends } = laneOf(track, 100, { from: 0, to: 50, scale: 10 }, 28);
    expect(seen).toBe("M20 10H50v8H20z");
    expect(keys.split("z")).toHaveLength(2);
    expect(ends.split("z")).toHaveLength(2);
  });
});

describe("a box that is followed", () => {
  const box = (x0: number) => ({ type: "box", x0, y0: 0, x1: x0 + 10, y1: 10 }) as const;
  const key = (frame: number, x0: number) => ({
    frame,
    geometry: box(x0),
    outside: false,
    occluded: false,
    attributes: {},
  });
  const track: Track = {
    ...{ id: "a", class_id: "car", z: 0, attributes: {}, source: "manual", author_id: null, external_id: null },
    keyframes: [key(10, 100), key(40, 100)],
  };

  it("goes as far as the next key frame of a hand, or to the end of the video", () => {
    expect(endOf(track, 10, false, 100)).toBe(39);
    expect(endOf(track, 20, true, 100)).toBe(11);
    expect(endOf(track, 10, true, 100)).toBe(0);
    expect(endOf(track, 40, false, 100)).toBe(99);
    expect(endOf(track, 39, false, 100)).toBe(39);
  });

  it("gets few key frames, in order, also where it was followed back", () => {
    const steps = Array.from({ length: 10 }, (_, i) => ({ frame: 9 - i, box: box(100 - 5 * (i + 1)) }));
    const made = followed(track, 10, steps);
    expect(made.keyframes.map(({ frame }) => frame)).toEqual([0, 10, 40]);
    expect(made.keyframes[0]?.geometry).toEqual(box(50));
  });
});
