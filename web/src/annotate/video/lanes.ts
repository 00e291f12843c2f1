/** Where things of a timeline lie: frames as pixels, ticks of its ruler, and tracks as paths. */
import { spansOf } from "../../canvas";
import type { Track } from "../../canvas";

/** Height of a row; a finger needs more. */
export const rowHeight = (): number => (window.matchMedia("(max-width: 61.99em)").matches ? 44 : 28);
const BAR = 8;
const DIAMOND = 5;
const LEAST_TICK = 64;
/** The most a frame is wide, in pixels. */
export const WIDEST = 24;

/** Frames from `from` up to, but without, `to`, each `scale` pixels wide. */
export interface Window {
  readonly from: number;
  readonly to: number;
  readonly scale: number;
}

/** Frames between the ticks of a ruler: 1, 2 or 5 with noughts. */
export function tickStep(scale: number): number {
  for (let ten = 1; ; ten *= 10) {
    for (const digit of [1, 2, 5]) if (digit * ten * scale >= LEAST_TICK) return digit * ten;
  }
}

export function ticks({ from, to, scale }: Window): number[] {
  const step = tickStep(scale);
  const first = Math.ceil(from / step) * step;
  return Array.from({ length: Math.max(0, Math.ceil((to - first) / step)) }, (_, i) => first + i * step);
}

/** The middle of a frame. */
export const placeOf = (frame: number, { from, scale }: Pick<Window, "from" | "scale">): number =>
  (frame - from + 0.5) * scale;

/** What a lane draws: where a track is seen, where something covers it, its key frames, and those that end it. */
export interface Lane {
  readonly seen: string;
  readonly occluded: string;
  readonly keys: string;
  readonly ends: string;
}

export function laneOf(track: Track, frames: number, window: Window, height: number): Lane {
  const paths = { seen: "", occluded: "", keys: "", ends: "" };
  for (const { from, to, occluded } of spansOf(track, frames)) {
    if (to <= window.from || from >= window.to) continue;
    const [x0, x1] = [(Math.max(from, window.from) - window.from) * window.scale, (Math.min(to, window.to) - window.from) * window.scale]; // prettier-ignore
    paths[occluded ? "occluded" : "seen"] += bar(x0, x1, height);
  }
  for (const { frame, outside } of track.keyframes) {
    if (frame < window.from - 1 || frame > window.to) continue;
    paths[outside ? "ends" : "keys"] += diamond(placeOf(frame, window), height);
  }
  return paths;
}

const round = (value: number): number => Math.round(value * 10) / 10;
const bar = (x0: number, x1: number, height: number): string =>
  `M${round(x0)} ${(height - BAR) / 2}H${round(x1)}v${BAR}H${round(x0)}z`;
const diamond = (x: number, height: number): string =>
  `M${round(x)} ${height / 2 - DIAMOND}l${DIAMOND} ${DIAMOND}l${-DIAMOND} ${DIAMOND}l${-DIAMOND} ${-DIAMOND}z`;

/** The key frame nearest to a frame, as far as a hand can mean it; otherwise the frame itself. */
export function meantFrame({ keyframes }: Track, frame: number, scale: number): number {
  const reach = (DIAMOND + 3) / scale;
  const [nearest] = keyframes
    .filter((key) => Math.abs(key.frame - frame) <= reach)
    .sort((a, b) => Math.abs(a.frame - frame) - Math.abs(b.frame - frame));
  return nearest?.frame ?? frame;
}
