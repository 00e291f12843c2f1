/** What a timeline shows of a track: from where to where it is seen, and where something covers it. */
import { at } from "../at";
import type { Track } from "./types";

/** Frames from `from` up to, but without, `to`. */
export interface Span {
  readonly from: number;
  readonly to: number;
  readonly occluded: boolean;
}

/** The parts of a track that are seen, in a video of so many frames; what touches and is alike is one. */
export function spansOf({ keyframes }: Track, frames: number): Span[] {
  const spans: Span[] = [];
  keyframes.forEach((key, i) => {
    if (key.outside) return;
    const to = Math.min(keyframes[i + 1]?.frame ?? frames, frames);
    const last = spans.at(-1);
    if (last && last.to === key.frame && last.occluded === key.occluded) spans[spans.length - 1] = { ...last, to };
    else if (to > key.frame) spans.push({ from: key.frame, to, occluded: key.occluded });
  });
  return spans;
}

/** The first and the last frame in which a track says something. */
export const reachOf = ({ keyframes }: Track): readonly [number, number] => [
  at(keyframes, 0).frame,
  at(keyframes, keyframes.length - 1).frame,
];
