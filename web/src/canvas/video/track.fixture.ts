/** Tracks for tests. */
import type { Box } from "../geometry/types";
import type { KeyFrame, Track } from "./types";

export const boxAt = (x: number): Box => ({ type: "box", x0: x, y0: 20, x1: x + 60, y1: 80 });

export const keyOf = (frame: number, x: number): KeyFrame => ({
  frame,
  geometry: boxAt(x),
  outside: false,
  occluded: false,
  attributes: {},
});

export const trackOf = (keyframes: readonly KeyFrame[]): Track => ({
  id: "t",
  class_id: "car",
  keyframes,
  z: 0,
  attributes: {},
  source: "manual",
  author_id: null,
  external_id: null,
});
