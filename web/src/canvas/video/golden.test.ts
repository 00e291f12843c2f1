import { readFileSync } from "node:fs";

import { describe, expect, it } from "vitest";

import { seenAt } from "./interpolate";
import type { Seen } from "./interpolate";
import { trackOf } from "./track.fixture";
import type { KeyFrame } from "./types";

interface Case {
  readonly name: string;
  readonly attributes: Seen["attributes"];
  readonly keyframes: readonly KeyFrame[];
  readonly seen: Readonly<Record<string, Seen | null>>;
}

const TABLE = new URL("../../../../tests/golden/interpolation.json", import.meta.url);
const { cases, tolerance } = JSON.parse(readFileSync(TABLE, "utf8")) as { cases: Case[]; tolerance: number };

/** The same but for what floats round away. */
function isClose(a: unknown, b: unknown): boolean {
  if (typeof a === "number" && typeof b === "number") return Math.abs(a - b) <= tolerance;
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return a === b;
  const [left, right] = [Object.entries(a), Object.entries(b)];
  return (
    left.length === right.length && left.every(([key, value]) => isClose(value, (b as Record<string, unknown>)[key]))
  );
}

describe("interpolation by the table that Python is held to as well", () => {
  it.each(cases)("$name", ({ attributes, keyframes, seen }) => {
    const track = { ...trackOf(keyframes), attributes };
    for (const [frame, wanted] of Object.entries(seen)) {
      const found = seenAt(track, Number(frame));
      expect(isClose(found, wanted) ? wanted : found).toEqual(wanted);
    }
  });
});
