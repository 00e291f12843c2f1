import { describe, expect, it } from "vitest";
import type { Model, RunImage } from "../../api/types";
import { pathOf } from "./Boxes";
import { inkOn } from "./ink";
import { FIT, zoomAt } from "./useZoom";
import { operatingScores, parseRunView, shownOf } from "./view";

describe("the view of a run in the address", () => {
  it("reads numbers in their range and nothing else", () => {
    expect(parseRunView({ min: 0.5, class: 2, hits: true, image: "i" })).toEqual({
      min: 0.5,
      class: 2,
      hits: true,
      image: "i",
    });
    expect(parseRunView({ min: 2, class: -1, hits: "yes", image: "" })).toEqual({});
    expect(parseRunView({ min: 0, class: 0 })).toEqual({ min: 0, class: 0 });
  });
});

describe("pathOf", () => {
  it("closes every ring", () => {
    const rings: [number, number][][] = [
      [
        [0, 0],
        [4, 0],
        [4, 4.5],
      ],
      [
        [1, 1],
        [2, 1],
        [2, 2],
      ],
    ];
    expect(pathOf({ type: "polygon", rings })).toBe("M0 0L4 0L4 4.5ZM1 1L2 1L2 2Z");
  });
});

describe("shownOf", () => {
  const box: [number, number, number, number] = [0, 0, 1, 1];
  const image = {
    detections: [
      { class: "a", class_id: 0, score: 0.3, box },
      { class: "b", class_id: 1, score: 0.9, box },
    ],
  } as RunImage;

  it("hides what is under the threshold or of another class, the surest first", () => {
    expect(shownOf(image, () => 0.25, undefined).map((found) => found.class)).toEqual(["b", "a"]);
    expect(shownOf(image, () => 0.5, undefined)).toHaveLength(1);
    expect(shownOf(image, () => 0.5, 0)).toEqual([]);
    expect(shownOf({ ...image, detections: null }, () => 0, undefined)).toEqual([]);
  });
});

describe("operatingScores", () => {
  it("are those of the classes, else of the card, and never below what was kept", () => {
    const card = {
      score_threshold: 0.25,
      classes: [{ threshold: 0.400001 }, { threshold: null }, { threshold: 0.01 }],
    };
    const least = operatingScores({ card } as unknown as Model, 0.05);
    expect([0, 1, 2, 3].map(least)).toEqual([0.4, 0.25, 0.05, 0.25]);
    expect(operatingScores(undefined, 0.3)(0)).toBe(0.3);
  });
});

describe("zoomAt", () => {
  it("keeps the point under the pointer where it is", () => {
    const camera = zoomAt(FIT, 2, 100, 50);
    // A point at (100, 50) of the picture is at scale * p + offset on the stage.
    expect([camera.scale * 100 + camera.x, camera.scale * 50 + camera.y]).toEqual([100, 50]);
  });

  it("never shows the picture smaller than the window, nor endlessly large", () => {
    expect(zoomAt({ scale: 2, x: 5, y: 5 }, 0.1, 0, 0)).toEqual(FIT);
    expect(zoomAt(FIT, 1000, 0, 0).scale).toBe(24);
  });
});

it("writes black on light colours and white on dark ones", () => {
  expect([inkOn("#F0E442"), inkOn("#0072B2")]).toEqual(["#111", "#fff"]);
});
