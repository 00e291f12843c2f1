/**
 * Where an object of a video is between its key frames: the same rules, step by step, as `boxwright.domain.interpolation`;
 * `tests/golden/interpolation.json` holds both to them.
 */
import { at } from "../at";
import { boundsOf } from "../geometry/shape";
import type { Geometry, Polygon, Turnable } from "../geometry/types";
import type { Annotation } from "../store/changes";
import { matchedLines, matchedRings, mix, mixed } from "./path";
import type { KeyFrame, Track } from "./types";

/** What is seen of a track in one frame. */
export interface Seen {
  readonly geometry: Geometry;
  readonly occluded: boolean;
  readonly attributes: Annotation["attributes"];
  /** Whether the frame is a key frame. */
  readonly key: boolean;
}

/** The place of the last key frame at or before a frame; -1 where there is none yet. */
export function placeBefore({ keyframes }: Pick<Track, "keyframes">, frame: number): number {
  let [low, high] = [0, keyframes.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (at(keyframes, middle).frame <= frame) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

/** What is seen of a track in a frame; null before its first key frame and while it is outside. */
export function seenAt(track: Track, frame: number): Seen | null {
  const place = placeBefore(track, frame);
  const before = track.keyframes[place];
  if (!before || before.outside) return null;
  return {
    geometry: shapeAt(before, track.keyframes[place + 1], frame),
    occluded: before.occluded,
    attributes: { ...track.attributes, ...before.attributes },
    key: before.frame === frame,
  };
}

function shapeAt(before: KeyFrame, after: KeyFrame | undefined, frame: number): Geometry {
  if (!after || after.outside || before.frame === frame) return before.geometry;
  return between(before.geometry, after.geometry, (frame - before.frame) / (after.frame - before.frame));
}

/** The shape at `share` (0 to 1) of the way from `a` to `b`; where there is no way, `a` stays. */
export function between(a: Geometry, b: Geometry, share: number): Geometry {
  const shape = onTheWay(a, b, share);
  if (shape.type !== "polygon" && shape.type !== "polyline") return shape;
  // A shape that turns inside out has no area for a moment.
  const [x0, y0, x1, y1] = boundsOf(shape);
  const isWhole = shape.type === "polygon" ? x1 > x0 && y1 > y0 : x1 > x0 || y1 > y0;
  return isWhole ? shape : a;
}

type Rule<T> = (a: T, b: T, share: number) => Geometry;
type Rules = { readonly [Type in Geometry["type"]]?: Rule<Extract<Geometry, { type: Type }>> };

const RULES: Rules = {
  box(a, b, share) {
    const side = (name: "x0" | "y0" | "x1" | "y1"): number => mix(a[name], b[name], share);
    return { ...a, x0: side("x0"), y0: side("y0"), x1: side("x1"), y1: side("y1") };
  },
  rotated_box: turned,
  ellipse: turned,
  polygon,
  polyline: (a, b, share) => ({ ...a, points: mixed(...matchedLines(a.points, b.points), share) }),
  points: (a, b, share) =>
    a.points.length === b.points.length ? { ...a, points: mixed(a.points, b.points, share) } : a,
};

function onTheWay(a: Geometry, b: Geometry, share: number): Geometry {
  const rule = RULES[a.type] as Rule<Geometry> | undefined;
  return rule && a.type === b.type ? rule(a, b, share) : a;
}

/** The angle takes the shorter way; of two equal ones the one on which it decreases. */
function turned(a: Turnable, b: Geometry, share: number): Geometry {
  const whole = 2 * Math.PI;
  const way = (from: number, to: number): number => modulo(to - from + Math.PI, whole) - Math.PI;
  const angle = (to: number): number => a.angle + way(a.angle, to) * share;
  const middle = (to: Turnable) => ({ cx: mix(a.cx, to.cx, share), cy: mix(a.cy, to.cy, share) });
  if (a.type === "rotated_box" && b.type === "rotated_box") {
    return { ...a, ...middle(b), w: mix(a.w, b.w, share), h: mix(a.h, b.h, share), angle: angle(b.angle) };
  }
  if (a.type === "ellipse" && b.type === "ellipse") {
    return { ...a, ...middle(b), rx: mix(a.rx, b.rx, share), ry: mix(a.ry, b.ry, share), angle: angle(b.angle) };
  }
  return a;
}

/** With the sign of `whole`, as Python has it. */
const modulo = (value: number, whole: number): number => ((value % whole) + whole) % whole;

function polygon(a: Polygon, b: Polygon, share: number): Geometry {
  if (a.rings.length !== b.rings.length) return a;
  return { ...a, rings: a.rings.map((ring, i) => mixed(...matchedRings(ring, at(b.rings, i)), share)) };
}
