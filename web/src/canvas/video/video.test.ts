import * as fc from "fast-check";
import { describe, expect, it } from "vitest";

import { Editor } from "../editor";
import { Clock, clockText, frameAt } from "./clock";
import { VideoDocument } from "./document";
import { keyToggled, mergedWith, occludedToggled, outsideToggled, reshaped, splitAt } from "./edits";
import { seenAt } from "./interpolate";
import { spansOf } from "./spans";
import { overlap, thinned } from "./thin";
import { boxAt, keyOf, trackOf } from "./track.fixture";
import type { Track } from "./types";

const FRAMES = 60;

const key = fc.record({
  frame: fc.integer({ min: 0, max: 59 }),
  x: fc.integer({ min: 0, max: 500 }),
  outside: fc.boolean(),
  occluded: fc.boolean(),
});

/** Boxes that come and go in a video of 60 frames. */
const tracks: fc.Arbitrary<Track> = fc
  .uniqueArray(key, { minLength: 1, maxLength: 6, selector: ({ frame }) => frame })
  .map((keys) =>
    trackOf(
      keys
        .sort((a, b) => a.frame - b.frame)
        .map(({ frame, x, ...says }, i) => ({ ...keyOf(frame, x), ...says, outside: says.outside && i > 0 })),
    ),
  );

const all = Array.from({ length: FRAMES }, (_, frame) => frame);
const film = (track: Track) => all.map((frame) => seenAt(track, frame)?.geometry ?? null);
const frame = fc.integer({ min: 0, max: FRAMES - 1 });

const isSound = ({ keyframes }: Track): boolean =>
  keyframes.length > 0 && keyframes.every((key, i) => i === 0 || (keyframes[i - 1]?.frame ?? -1) < key.frame);

/** Equal but for what floats round away. */
function expectAlike(a: readonly unknown[], b: readonly unknown[]): void {
  const differs = a.findIndex((one, i) => !alike(one, b[i]));
  expect(differs === -1 ? null : [a[differs], b[differs]]).toBeNull();
}

const alike = (one: unknown, other: unknown): boolean => {
  if (one === null || other === null) return one === other;
  return Object.entries(one as object).every(([name, value]) => {
    const its = (other as Record<string, unknown>)[name];
    return typeof value === "number" ? Math.abs(value - (its as number)) < 1e-6 : value === its;
  });
};

describe("edits of tracks", () => {
  it("makes a key frame without moving anything, and takes it away again", () => {
    fc.assert(
      fc.property(tracks, frame, (track, f) => {
        fc.pre(track.keyframes.every((key) => key.frame !== f) && f > (track.keyframes[0]?.frame ?? 0));
        const made = keyToggled(track, f);
        expect(made && isSound(made)).toBe(true);
        if (!made) return;
        expectAlike(film(made), film(track));
        expect(keyToggled(made, f)).toEqual(track);
      }),
    );
  });

  it("gives a frame the shape that was drawn there and leaves what lies beyond the next key frames", () => {
    fc.assert(
      fc.property(tracks, frame, (track, f) => {
        const drawn = boxAt(7);
        const changed = reshaped(track, f, drawn);
        expect(changed && seenAt(changed, f)?.geometry).toEqual(drawn);
        if (!changed) return;
        const next = track.keyframes.find((key) => key.frame > f)?.frame ?? FRAMES;
        const before = track.keyframes.findLast((key) => key.frame < f)?.frame ?? f;
        const beyond = all.filter((one) => one < before || one >= next);
        for (const one of beyond) expect(seenAt(changed, one)).toEqual(seenAt(track, one));
      }),
    );
  });

  it("ends an object without moving what was seen of it before", () => {
    fc.assert(
      fc.property(tracks, frame, (track, f) => {
        fc.pre(seenAt(track, f) !== null);
        const ended = outsideToggled(track, f);
        expect(isSound(ended)).toBe(true);
        expect(seenAt(ended, f)).toBeNull();
        expectAlike(film(ended).slice(0, f), film(track).slice(0, f));
        expect(seenAt(outsideToggled(ended, f), f)?.geometry).toEqual(seenAt(track, f)?.geometry);
      }),
    );
  });

  it("splits a track in two that show together what it showed, and merges them into it again", () => {
    fc.assert(
      fc.property(tracks, frame, (track, f) => {
        const parts = splitAt(track, f);
        fc.pre(parts !== null);
        const [first, second] = parts;
        expect(first.id).toBe(track.id);
        expect(second.id).not.toBe(track.id);
        const together = all.map((one) => seenAt(first, one)?.geometry ?? seenAt(second, one)?.geometry ?? null);
        expectAlike(together, film(track));
        const whole = mergedWith(first, second);
        expect(whole && isSound(whole)).toBe(true);
        if (whole) expectAlike(film(whole), film(track));
      }),
    );
  });

  it("refuses what would leave nothing, or shapes of two kinds", () => {
    const track = trackOf([keyOf(3, 0)]);
    expect(keyToggled(track, 3)).toBeNull();
    expect(splitAt(track, 3)).toBeNull();
    expect(reshaped(trackOf([keyOf(0, 0), keyOf(9, 5)]), 4, { type: "points", points: [[1, 2]] })).toBeNull();
    expect(mergedWith(track, { ...track, keyframes: [{ ...keyOf(9, 0), geometry: { type: "points", points: [[1, 2]] } }] })).toBeNull(); // prettier-ignore
    expect(occludedToggled(track, 0)).toBeNull();
  });

  it("keeps the first of two tracks where both are seen", () => {
    const [one, two] = [trackOf([keyOf(0, 0), keyOf(20, 20)]), trackOf([keyOf(10, 50), keyOf(30, 70)])];
    expect(mergedWith(one, two)?.keyframes.map((key) => key.frame)).toEqual([0, 20, 30]);
  });
});

describe("what a timeline shows", () => {
  it("has spans exactly where the track is seen", () => {
    fc.assert(
      fc.property(tracks, (track) => {
        const spans = spansOf(track, FRAMES);
        for (const one of all) {
          const span = spans.find(({ from, to }) => one >= from && one < to);
          expect(span !== undefined).toBe(seenAt(track, one) !== null);
          if (span) expect(span.occluded).toBe(seenAt(track, one)?.occluded);
        }
      }),
    );
  });
});

describe("thinning", () => {
  it("keeps every box within a pixel or 0.95 of overlap, and only two of a straight way", () => {
    const way = fc.array(fc.integer({ min: 0, max: 300 }), { minLength: 2, maxLength: 40 });
    fc.assert(
      fc.property(way, (xs) => {
        const places = xs.map((x, i) => ({ frame: i * 2, box: { ...boxAt(x), x1: x + 40 } }));
        const kept = thinned(places);
        const track = trackOf(kept.map(({ frame: at, box }) => ({ ...keyOf(at, 0), geometry: box })));
        for (const { frame: at, box } of places) {
          const seen = seenAt(track, at)?.geometry;
          if (seen?.type !== "box") throw new Error("no box");
          expect(Math.abs(seen.x0 - box.x0) <= 1 || overlap(seen, box) >= 0.95).toBe(true);
        }
      }),
    );
    expect(thinned(all.map((i) => ({ frame: i, box: boxAt(i) }))).map((one) => one.frame)).toEqual([0, FRAMES - 1]);
    expect(thinned([{ frame: 4, box: boxAt(4) }])).toHaveLength(1);
  });
});

describe("the clock", () => {
  it("shows each frame from its own time on, also where the times are uneven", () => {
    const times = [0, 0.04, 0.08, 0.5, 0.54];
    expect([-1, 0, 0.039, 0.04, 0.3, 0.5, 9].map((seconds) => frameAt(times, seconds))).toEqual([0, 0, 0, 1, 2, 3, 4]);
    expect([0, 39, 40, 80, 499, 500].map((ms) => new Clock(times, 0, 1).frame(ms))).toEqual([0, 0, 1, 2, 2, 3]);
    expect(new Clock(times, 2, 0.5).frame(839)).toBe(2);
    expect(new Clock(times, 2, 0.5).frame(840)).toBe(3);
  });

  it("is read as minutes and seconds", () => {
    expect([0, 62.453, 3599.999, 3725.5].map(clockText)).toEqual(["0:00.00", "1:02.45", "1:00:00.00", "1:02:05.50"]);
  });
});

describe("a video in the editor", () => {
  const opened = (list: readonly Track[] = []) => {
    const editor = new Editor();
    const video = new VideoDocument("film", { width: 640, height: 480 }, FRAMES, list);
    editor.setView({ width: 640, height: 480 });
    editor.open(video);
    editor.setClass("car");
    return { editor, video };
  };

  it("makes a track of what is drawn and a key frame of what is moved, and takes both back", () => {
    const { editor, video } = opened();
    const { id } = editor.add(boxAt(10), "car");
    video.seek(20);
    editor.select([id]);
    editor.nudge(30, 0);
    editor.nudge(30, 0);
    expect(video.tracks.get(id)?.keyframes.map((key) => key.frame)).toEqual([0, 20]);
    video.seek(10);
    expect(editor.get(id)?.geometry).toMatchObject({ x0: 40 });
    editor.undo();
    expect(video.frame).toBe(20);
    expect(video.tracks.get(id)?.keyframes).toHaveLength(1);
    editor.undo();
    expect(video.tracks.size).toBe(0);
    editor.redo();
    editor.redo();
    video.seek(10);
    expect(editor.get(id)?.geometry).toMatchObject({ x0: 40 });
    expect(editor.state.canRedo).toBe(false);
  });

  it("changes class, order and attributes of the whole track, and deletes it", () => {
    const told = { ...keyOf(5, 9), attributes: { seen: "back", colour: "red" } };
    const { editor, video } = opened([trackOf([keyOf(0, 0), told])]);
    video.seek(5);
    editor.relabel(["t"], "van");
    editor.describe(["t"], "colour", "blue");
    const track = video.tracks.get("t");
    expect(track).toMatchObject({ class_id: "van", attributes: { colour: "blue" } });
    expect(track?.keyframes[1]?.attributes).toEqual({ seen: "back" });
    expect(editor.get("t")?.attributes).toEqual({ colour: "blue", seen: "back" });
    editor.remove(["t"]);
    expect(video.tracks.size).toBe(0);
    editor.undo();
    expect(video.tracks.get("t")).toEqual(track);
  });

  it("shows what others change at once and keeps it when one's own steps are taken back", () => {
    const { editor, video } = opened([trackOf([keyOf(0, 0)])]);
    editor.add(boxAt(100), "car");
    const other = { ...trackOf([keyOf(0, 300)]), id: "u" };
    video.tracks.apply({ id: "x", origin: "remote", changes: [{ op: "create", annotation: other }] });
    expect(editor.get("u")?.geometry).toEqual(boxAt(300));
    editor.undo();
    expect(video.tracks.all().map(({ id }) => id)).toEqual(["t", "u"]);
  });

  it("puts a shape back that cannot be of another kind", () => {
    const { editor, video } = opened([trackOf([keyOf(0, 0), keyOf(5, 9)])]);
    const refused: string[] = [];
    video.events.on("refused", (why) => refused.push(why));
    const shape = editor.get("t");
    if (!shape) throw new Error("not there");
    editor.change([{ op: "update", id: "t", before: { geometry: shape.geometry }, after: { geometry: { type: "points", points: [[1, 1]] } } }]); // prettier-ignore
    expect(refused).toEqual(["kind"]);
    expect(editor.get("t")?.geometry).toEqual(boxAt(0));
  });
});
