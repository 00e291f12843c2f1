import { expect, it } from "vitest";

import { framesOf } from "./frames";

it("reads frames as people write them, each once and in order", () => {
  expect(framesOf("30, 0 5-7;6", 40)).toEqual([0, 5, 6, 7, 30]);
});

it("refuses what is no frame of the video", () => {
  expect(["", "x", "40", "7-5", "0-40", "-3"].map((typed) => framesOf(typed, 40))).toEqual(Array(6).fill(null));
});
