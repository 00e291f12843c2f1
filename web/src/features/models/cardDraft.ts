import type { Schemas } from "../../api/client";
import { foreign as words } from "../../strings/foreign";

export type Card = Schemas["ModelCard"];
export type Inspection = Schemas["ModelInspection"];
export type Changes = Schemas["CardPatch"];
/** The decoder whose outputs mean what a person says. */
export const CUSTOM = "custom";
type Three = [number, number, number];

/** What stands in the fields of the form. */
export interface Draft {
  name: string;
  options: Readonly<Record<string, string>>;
  width: number | string;
  height: number | string;
  channels: Card["input"]["channels"];
  placement: Card["input"]["placement"];
  pad: number | string;
  mean: string;
  std: string;
  classes: string;
  score: number | string;
  iou: number | string;
  licence: string;
}

export const PRESETS = {
  unit: { mean: [0, 0, 0], std: [255, 255, 255] },
  bytes: { mean: [0, 0, 0], std: [1, 1, 1] },
  imagenet: { mean: [123.675, 116.28, 103.53], std: [58.395, 57.12, 57.375] },
  imagenetBgr: { mean: [103.53, 116.28, 123.675], std: [57.375, 57.12, 58.395] },
} as const;
export type Preset = keyof typeof PRESETS | "other";

export function draftOf(card: Card): Draft {
  const { input } = card;
  return {
    name: card.name,
    options: card.options ?? {},
    width: input.width,
    height: input.height,
    channels: input.channels,
    placement: input.placement,
    pad: input.pad,
    mean: input.mean.join(", "),
    std: input.std.join(", "),
    classes: card.classes.map((one) => one.name).join("\n"),
    score: card.score_threshold,
    iou: card.iou_threshold,
    licence: card.licence,
  };
}

/** Names of classes, one a line; empty lines count for nothing. */
export function namesIn(text: string): string[] {
  return text
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "");
}

export function threeIn(text: string): Three | null {
  const parts = text
    .split(/[\s,;]+/)
    .filter((part) => part !== "")
    .map(Number);
  const [a, b = a, c = a] = parts;
  if (parts.length !== 1 && parts.length !== 3) return null;
  if (a === undefined || b === undefined || c === undefined) return null;
  return [a, b, c].every(Number.isFinite) ? [a, b, c] : null;
}

export function presetOf(draft: Draft): Preset {
  const known = Object.entries(PRESETS) as [keyof typeof PRESETS, (typeof PRESETS)[keyof typeof PRESETS]][];
  const found = known.find(([, one]) => same(threeIn(draft.mean), one.mean) && same(threeIn(draft.std), one.std));
  return found?.[0] ?? "other";
}

/** Why the draft cannot be sent, or null. */
export function problemOf(draft: Draft, task: Card["task"]): string | null {
  const std = threeIn(draft.std);
  if (draft.name.trim() === "") return words.problems.name;
  if (![draft.width, draft.height].every((side) => Number.isInteger(side) && Number(side) >= 1 && Number(side) <= 8192))
    return words.problems.size;
  if (threeIn(draft.mean) === null || std === null || std.includes(0)) return words.problems.three;
  if (task !== "assist" && namesIn(draft.classes).length === 0) return words.problems.classes;
  return null;
}

/** What the draft says against the card; `decoder` where a person chose it. */
export function changesOf(draft: Draft, card: Card, decoder: string | null): Changes {
  const { input } = card;
  const names = namesIn(draft.classes);
  const was = card.classes.map((one) => one.name);
  const fed = {
    ...changed("width", Number(draft.width), input.width),
    ...changed("height", Number(draft.height), input.height),
    ...changed("channels", draft.channels, input.channels),
    ...changed("placement", draft.placement, input.placement),
    ...changed("pad", Number(draft.pad), input.pad),
    ...changed("mean", threeIn(draft.mean), input.mean),
    ...changed("std", threeIn(draft.std), input.std),
  };
  return {
    // Chosen by a person, a decoder is told all: what the server guesses for its options depends on the others.
    ...(decoder === null
      ? changed("options", draft.options, card.options ?? {})
      : { decoder, options: { ...draft.options } }),
    ...changed("name", draft.name.trim(), card.name),
    ...(Object.keys(fed).length === 0 ? {} : { input: fed }),
    ...changed("classes", names, was),
    ...changed("score_threshold", Number(draft.score), card.score_threshold),
    ...changed("iou_threshold", Number(draft.iou), card.iou_threshold),
    ...changed("licence", draft.licence.trim() || card.licence, card.licence),
  };
}

/**
 * The draft with the classes of the new card, where these are more or fewer; an answer to options that have been changed
 * since, which may come after the newer one, says nothing any more.
 */
export function recounted(draft: Draft, options: Draft["options"], card: Card): Draft {
  if (!same(draft.options, options)) return draft;
  const even = namesIn(draft.classes).length === card.classes.length;
  return even ? draft : { ...draft, classes: draftOf(card).classes };
}

/** Tell whether the network insists on a size: its picture input has numbers where height and width stand. */
export function sizeIsFixed(inspection: Inspection): boolean {
  const picture = inspection.inputs.find((one) => one.shape.length >= 3);
  const sides = picture?.shape.slice(-3) ?? [];
  return sides.filter((side) => typeof side === "number").length === 3;
}

function changed<K extends string, T>(key: K, value: T, was: unknown): Partial<Record<K, T>> {
  return same(value, was) ? {} : ({ [key]: value } as Record<K, T>);
}

function same(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
