/** What hands do to tracks, each as a new track; null where it cannot be done. The frames around stay as they are. */
import { at } from "../at";
import type { Geometry } from "../geometry/types";
import { newId } from "../ids";
import { same } from "../store/same";
import { placeBefore, seenAt } from "./interpolate";
import type { KeyFrame, Track } from "./types";

/** The key frame at exactly this frame. */
export const keyAt = (track: Track, frame: number): KeyFrame | undefined => {
  const key = track.keyframes[placeBefore(track, frame)];
  return key?.frame === frame ? key : undefined;
};

/** Puts key frames in their places, instead of those that are at the same frames. */
export function withKeys(track: Track, keys: readonly KeyFrame[]): Track {
  const byFrame = new Map([...track.keyframes, ...keys].map((key) => [key.frame, key]));
  return { ...track, keyframes: [...byFrame.values()].sort((a, b) => a.frame - b.frame) };
}

/** What a key frame at this frame would say without changing anything; before the first one it says what that says. */
export function keyFor(track: Track, frame: number): KeyFrame {
  const before = track.keyframes[placeBefore(track, frame)];
  const key = before ?? at(track.keyframes, 0);
  return { ...key, frame, geometry: seenAt(track, frame)?.geometry ?? key.geometry };
}

/** Gives a track another shape in a frame, which becomes a key frame; where it was outside it is seen again. */
export function reshaped(track: Track, frame: number, geometry: Geometry): Track | null {
  const others = track.keyframes.filter((key) => key.frame !== frame);
  if (others.some((key) => key.geometry.type !== geometry.type)) return null;
  return withKeys(track, [{ ...keyFor(track, frame), geometry, outside: false }]);
}

/** Makes the frame a key frame, or takes the key frame away; one always stays. */
export function keyToggled(track: Track, frame: number): Track | null {
  if (!keyAt(track, frame)) return withKeys(track, [keyFor(track, frame)]);
  if (track.keyframes.length === 1) return null;
  return { ...track, keyframes: track.keyframes.filter((key) => key.frame !== frame) };
}

/** The last frame before `frame` as a key frame, where what is on its way would otherwise stand still up to there. */
function lastSeen(track: Track, frame: number): KeyFrame[] {
  const seen = seenAt(track, frame - 1);
  const before = track.keyframes[placeBefore(track, frame - 1)];
  if (!seen || !before || seen.key || same(seen.geometry, before.geometry)) return [];
  return [keyFor(track, frame - 1)];
}

/** Says that the object cannot be seen from this frame on, or that it can. */
export function outsideToggled(track: Track, frame: number): Track {
  const gone = seenAt(track, frame) !== null;
  const keys = gone ? lastSeen(track, frame) : [];
  return withKeys(track, [...keys, { ...keyFor(track, frame), outside: gone }]);
}

/** Says that something covers the object from this frame on, or takes it back; null where it is not seen. */
export function occludedToggled(track: Track, frame: number): Track | null {
  const seen = seenAt(track, frame);
  return seen && withKeys(track, [{ ...keyFor(track, frame), occluded: !seen.occluded }]);
}

/** The track up to `frame`, where it ends, and another one from there on; null where one of them would not be seen. */
export function splitAt(track: Track, frame: number): readonly [Track, Track] | null {
  const seen = seenAt(track, frame);
  // In a gap the key frame that begins it ends the first part.
  const first = track.keyframes.filter((key) => key.frame < frame || (key.frame === frame && key.outside));
  const whole = seen ? withKeys(track, [keyFor(track, frame)]) : track;
  const late = whole.keyframes.filter((key) => key.frame >= frame);
  const rest = late.slice(late.findIndex((key) => !key.outside));
  if (first.every((key) => key.outside) || late.every((key) => key.outside)) return null;
  const end = seen ? [...lastSeen(track, frame), { ...keyFor(track, frame), outside: true }] : [];
  const before = withKeys({ ...track, keyframes: first }, end);
  return [before, { ...track, id: newId(), keyframes: rest, author_id: null, external_id: null }];
}

/** Whether a track speaks for this frame: it is seen, and not only because nobody has said where it ends. */
function claims(track: Track, frame: number): boolean {
  return frame <= at(track.keyframes, track.keyframes.length - 1).frame && seenAt(track, frame) !== null;
}

/**
 * Two tracks of one object as one, which keeps name and class of the first. Where both are seen the first one counts.
 * Null where their shapes are of different kinds.
 */
export function mergedWith(track: Track, other: Track): Track | null {
  const kinds = new Set([...track.keyframes, ...other.keyframes].map(({ geometry }) => geometry.type));
  if (kinds.size > 1) return null;
  const own = track.keyframes.filter((key) => !key.outside || !claims(other, key.frame));
  const taken = other.keyframes.filter((key) => !claims(track, key.frame));
  const byFrame = new Map([...taken, ...own].map((key) => [key.frame, key]));
  return { ...track, keyframes: [...byFrame.values()].sort((a, b) => a.frame - b.frame) };
}

/** The nearest key frame after (`step` 1) or before (-1) a frame. */
export function besideKey(tracks: readonly Track[], frame: number, step: 1 | -1): number | null {
  const frames = tracks.flatMap(({ keyframes }) => keyframes.map((key) => key.frame));
  const beyond = frames.filter((one) => (one - frame) * step > 0);
  return beyond.length === 0 ? null : beyond.reduce((a, b) => (Math.abs(a - frame) < Math.abs(b - frame) ? a : b));
}
