import type { Schemas } from "../../api/client";

export type Kind = Schemas["Suspicion"]["kind"];
export type State = Schemas["Suspicion"]["state"];
export type Split = Schemas["Image"]["split"];
export const KINDS: readonly Kind[] = ["missing", "spurious", "class", "box"];
export const STATES: readonly State[] = ["open", "accepted", "dismissed"];
export const SPLITS: readonly Split[] = ["train", "val", "test", "none"];

/** Which suspicions are shown; kept in the address. */
export interface LabelsView {
  kind?: Kind;
  class?: string;
  split?: Split;
  state?: Exclude<State, "open">;
  /** The suspicion that is looked at. */
  item?: string;
}

/** Read it from the address; what is unknown there is dropped, what is usual is left out. */
export function parseLabelsView(search: Record<string, unknown>): LabelsView {
  const found: LabelsView = {};
  const kind = KINDS.find((name) => name === search["kind"]);
  const split = SPLITS.find((name) => name === search["split"]);
  const state = STATES.find((name) => name === search["state"]);
  if (kind !== undefined) found.kind = kind;
  if (split !== undefined) found.split = split;
  if (state !== undefined && state !== "open") found.state = state;
  for (const name of ["class", "item"] as const) {
    const value = search[name];
    if (typeof value === "string" && value !== "") found[name] = value;
  }
  return found;
}

export type Window = readonly [x: number, y: number, width: number, height: number];

/** The part of an image to show around some boxes: with room, nearly square, inside the image where that is possible. */
export function windowAround(
  boxes: readonly (readonly number[])[],
  image: { width: number; height: number },
  ratio: number,
): Window {
  const x0 = Math.min(...boxes.map((box) => box[0] ?? 0));
  const y0 = Math.min(...boxes.map((box) => box[1] ?? 0));
  const x1 = Math.max(...boxes.map((box) => box[2] ?? image.width));
  const y1 = Math.max(...boxes.map((box) => box[3] ?? image.height));
  const [wide, high] = [x1 - x0, y1 - y0];
  // As much room on all sides as the object is large, and never closer than 64 pixels across.
  const side = Math.max(wide / ratio, high) * 2.4;
  const height = Math.min(Math.max(side, 64), Math.max(image.height, image.width / ratio));
  const width = height * ratio;
  return [
    within((x0 + x1) / 2 - width / 2, width, image.width),
    within((y0 + y1) / 2 - height / 2, height, image.height),
    width,
    height,
  ];
}

function within(start: number, length: number, whole: number): number {
  return length >= whole ? (whole - length) / 2 : Math.min(Math.max(0, start), whole - length);
}
