import { describe, expect, it } from "vitest";
import { parseFilter } from "../images/filter";
import {
  areaRows,
  classRows,
  compared,
  countRows,
  middle,
  pixelRows,
  ratioRows,
  sizeRows,
  splitsOf,
  total,
  type Statistics,
} from "./figures";
import { parseStatisticsView } from "./view";

const per = (train: number, val = 0, test = 0, none = 0) => ({ train, val, test, none });
const histogram = (edges: number[], train: number[], val: number[] = edges.map(() => 0)) => ({
  edges,
  train,
  val,
  test: edges.map(() => 0),
  none: edges.map(() => 0),
});

const FIGURES: Statistics = {
  counting: false,
  class_id: null,
  images: per(4, 2),
  labeled: per(3, 1),
  objects: per(9, 3),
  classes: [
    { class_id: "c", name: "cat", color: "#111111", objects: per(1, 1), images: per(1, 1) },
    { class_id: "d", name: "dog", color: "#222222", objects: per(8, 2), images: per(2, 1) },
  ],
  areas: histogram([0, 256, 1024, 9216, 40000], [0, 4, 3, 2, 0], [0, 0, 3, 0, 0]),
  ratios: histogram([0, 0.5, 2], [0, 9, 0], [0, 1, 2]),
  counts: histogram([0, 1, 2, 6], [1, 0, 2, 1], [1, 0, 1, 0]),
  pixels: histogram([0, 1e6, 4e6], [0, 4, 0], [0, 2, 0]),
  cells: 3,
  positions: [
    [0, 2, 0],
    [1, 3, 0],
    [0, 0, 0],
  ],
};

describe("rows of figures", () => {
  it("leave out what is empty at both ends", () => {
    expect(areaRows(FIGURES).map(({ label }) => label)).toEqual(["16 to 32", "32 to 96", "96 to 200"]);
    expect(areaRows({ ...FIGURES, areas: histogram([0, 4], [0, 0]) })).toEqual([]);
    expect(ratioRows(FIGURES).map(({ label }) => label)).toEqual(["0.5 to 2", "2 and more"]);
    expect(pixelRows(FIGURES).map(({ label }) => label)).toEqual(["1 to 4"]);
    expect(countRows(FIGURES).map(({ label }) => label)).toEqual(["0", "1", "2 to 5", "6 and more"]);
  });

  it("lead to filters that the library understands", () => {
    expect(countRows(FIGURES).map(({ filter }) => filter)).toEqual([
      { min_objects: 0, max_objects: 0 },
      { min_objects: 1, max_objects: 1 },
      { min_objects: 2, max_objects: 5 },
      { min_objects: 6 },
    ]);
    expect(pixelRows(FIGURES)[0]?.filter).toEqual({ min_pixels: 1e6, max_pixels: 4e6 - 1 });
    const ofDogs = { ...FIGURES, class_id: "d" };
    expect(areaRows(ofDogs)[0]?.filter).toEqual({ class: "d", min_area: 256, max_area: 1024 });
    expect(countRows(ofDogs)[0]?.filter).toBeUndefined();
    for (const rows of [areaRows(ofDogs), sizeRows(FIGURES), ratioRows(FIGURES), classRows(FIGURES, 3)]) {
      for (const { filter } of rows) expect(parseFilter({ ...filter })).toEqual(filter);
    }
  });

  it("count sizes as COCO does", () => {
    expect(sizeRows(FIGURES).map(({ numbers }) => total(numbers))).toEqual([4, 6, 2]);
  });

  it("mark classes with few objects, the largest first", () => {
    expect(classRows(FIGURES, 3).map(({ label, mark }) => [label, mark !== undefined])).toEqual([
      ["dog", false],
      ["cat", true],
    ]);
  });

  it("compare splits", () => {
    expect(splitsOf(FIGURES)).toEqual(["train", "val"]);
    const lines = compared(FIGURES, ["train", "val"]).map(({ all, splits }) => [all, ...splits]);
    expect(lines[3]).toEqual(["2.0", "2.3", "1.5"]);
    expect(lines[5]).toEqual(["50.0 %", "33.3 %", "100.0 %"]);
  });

  it("know the middle of images", () => {
    expect(middle(FIGURES)).toBe(0.5);
    expect(middle({ ...FIGURES, positions: [[0]], cells: 1 })).toBeNull();
  });
});

describe("the view of figures", () => {
  it("keeps what differs and drops the rest", () => {
    expect(parseStatisticsView({ class: "c", minimum: 50, as: "numbers" })).toEqual({ class: "c" });
    expect(parseStatisticsView({ class: "", minimum: 0, as: "shares" })).toEqual({ minimum: 0, as: "shares" });
    expect(parseStatisticsView({ minimum: -1, as: 3, class: 4 })).toEqual({});
  });
});
