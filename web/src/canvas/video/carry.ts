/** Whole tracks taken to another place in time, or to another video. */
import { within } from "../carry";
import { moveShape, stepOf } from "../geometry/move";
import type { Geometry, Size } from "../geometry/types";
import { newId } from "../ids";
import { same } from "../store/same";
import { keyFor } from "./edits";
import type { KeyFrame, Track } from "./types";

/** How far a copy stands from its original where both would lie exactly on each other, in image pixels. */
const BESIDE = 10;

/** Where tracks come to lie. */
export interface Target {
  readonly tracks: readonly Track[];
  readonly picture: Size;
  readonly frames: number;
}

/** The key frames so many frames later, as far as the video goes: what goes on beyond it is cut off there. */
function moved(track: Track, by: number, frames: number): KeyFrame[] {
  const [first, last] = [-by, frames - 1 - by];
  const kept = track.keyframes.filter(({ frame }) => frame >= first && frame <= last);
  const reaches = (beyond: (frame: number) => boolean): boolean => track.keyframes.some(({ frame }) => beyond(frame));
  const keys = new Map(kept.map((key) => [key.frame, key]));
  if (reaches((frame) => frame < first) && !keys.has(first)) keys.set(first, keyFor(track, first));
  if (kept.length > 0 && reaches((frame) => frame > last) && !keys.has(last)) keys.set(last, keyFor(track, last));
  const sorted = [...keys.values()].sort((a, b) => a.frame - b.frame);
  return sorted.map((key) => ({ ...key, frame: key.frame + by }));
}

/** The key frames within the picture, each moved by as little as possible; null where one is too large for it. */
function fitted(keys: readonly KeyFrame[], picture: Size): KeyFrame[] | null {
  const made = keys.flatMap((key): KeyFrame[] => {
    const geometry = within(key.geometry, picture);
    return geometry ? [{ ...key, geometry }] : [];
  });
  return made.length === keys.length ? made : null;
}

function beside(keys: readonly KeyFrame[], picture: Size): KeyFrame[] {
  const shapes = keys.map(({ geometry }) => geometry);
  const step = stepOf([BESIDE, BESIDE], shapes, picture);
  return keys.map((key) => ({ ...key, geometry: moveShape<Geometry>(key.geometry, step, picture) }));
}

/**
 * Copies of tracks, so many frames later; beside what lies exactly there already. Those that are too large for the
 * picture, or of which nothing is seen within the video, are left out.
 */
export function copiesOf(
  tracks: readonly Track[],
  later: number,
  { tracks: present, picture, frames }: Target,
): Track[] {
  return tracks.flatMap((track) => {
    const keys = fitted(moved(track, later, frames), picture);
    if (!keys || keys.every(({ outside }) => outside)) return [];
    const taken = present.some((one) => one.class_id === track.class_id && same(one.keyframes, keys));
    const keyframes = taken ? beside(keys, picture) : keys;
    return [{ ...track, id: newId(), keyframes, author_id: null, external_id: null }];
  });
}
