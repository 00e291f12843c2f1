import { describe, expect, it } from "vitest";
import {
  changesOf,
  draftOf,
  namesIn,
  presetOf,
  problemOf,
  recounted,
  sizeIsFixed,
  threeIn,
  type Card,
} from "./cardDraft";

const card: Card = {
  name: "detector",
  task: "detect",
  architecture: "yolox",
  decoder: "yolox",
  input: {
    width: 416,
    height: 416,
    channels: "bgr",
    placement: "top_left",
    pad: 114,
    mean: [0, 0, 0],
    std: [1, 1, 1],
    trim: false,
  },
  classes: ["disc", "star"].map((name, id) => ({ id: String(id), name, color: "#112233", train: 0, val: 0 })),
  parameters: 1,
  licence: "unknown",
  boxwright_version: "0.1.0",
  created_at: "2026-01-01T00:00:00.000Z",
  score_threshold: 0.25,
  iou_threshold: 0.65,
  options: { grid: "raw" },
  outputs: { rows: "output" },
};

describe("a draft of a card", () => {
  it("says nothing against the card it was made from", () => {
    expect(changesOf(draftOf(card), card, null)).toEqual({});
    expect(problemOf(draftOf(card), "detect")).toBeNull();
  });

  it("says what was changed, and no more", () => {
    const draft = { ...draftOf(card), channels: "rgb" as const, std: "255", classes: "disc\n\n square ", iou: 0.5 };
    expect(changesOf(draft, card, "yolov5")).toEqual({
      decoder: "yolov5",
      options: card.options,
      input: { channels: "rgb", std: [255, 255, 255] },
      classes: ["disc", "square"],
      iou_threshold: 0.5,
    });
  });

  it("names other classes where the columns hold more or fewer", () => {
    const draft = { ...draftOf(card), classes: "mine\nyours" };
    const two = { ...card, classes: [...card.classes, ...card.classes].slice(0, 2) };
    const one = { ...card, classes: card.classes.slice(0, 1) };
    expect(recounted(draft, draft.options, two)).toBe(draft);
    expect(namesIn(recounted(draft, draft.options, one).classes)).toHaveLength(1);
    const since = { ...draft, options: { ...draft.options, objectness: "yes" } };
    expect(recounted(since, draft.options, one)).toBe(since);
  });

  it("knows the usual ways to normalise", () => {
    expect(presetOf(draftOf(card))).toBe("bytes");
    expect(presetOf({ ...draftOf(card), std: "255 255 255" })).toBe("unit");
    expect(presetOf({ ...draftOf(card), mean: "1" })).toBe("other");
  });

  it.each([
    ["1, 2, 3", [1, 2, 3]],
    ["7", [7, 7, 7]],
    ["1, 2", null],
    ["", null],
    ["a", null],
  ])("reads %j as three numbers", (text, numbers) => {
    expect(threeIn(text)).toEqual(numbers);
  });

  it("refuses what the server would refuse", () => {
    for (const wrong of [{ width: 0 }, { height: "" }, { std: "0" }, { mean: "x" }, { classes: " \n" }, { name: " " }])
      expect(problemOf({ ...draftOf(card), ...wrong }, "detect")).not.toBeNull();
    expect(namesIn("a\r\nb")).toEqual(["a", "b"]);
  });

  it("tells whether the size can be chosen", () => {
    const seen = (shape: (number | string | null)[]) =>
      sizeIsFixed({ inputs: [{ name: "images", shape, type: "tensor(float)" }] } as never);
    expect(seen([1, 3, 416, 416])).toBe(true);
    expect(seen(["batch", 3, 416, 416])).toBe(true);
    expect(seen([1, 3, "h", "w"])).toBe(false);
  });
});
