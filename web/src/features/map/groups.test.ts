import { describe, expect, it } from "vitest";
import { groupsOf, type Points } from "./groups";
import { parseMapView } from "./view";

const POINTS: Points = {
  total: 5,
  ids: ["a", "b", "c", "d", "e"],
  x: [0, 0, 0, 0, 0],
  y: [0, 0, 0, 0, 0],
  splits: ["train", "val", "train", "none", "train"],
  states: ["labeled", "unlabeled", "labeled", "empty", "labeled"],
  classes: [1, -1, 0, -1, 1],
  class_ids: ["k0", "k1"],
};

describe("groups of the map", () => {
  it("are the splits and states that there are", () => {
    expect(groupsOf(POINTS, "split", []).map(({ key, rows }) => [key, rows])).toEqual([
      ["train", [0, 2, 4]],
      ["val", [1]],
      ["none", [3]],
    ]);
    expect(groupsOf(POINTS, "state", []).map(({ key }) => key)).toEqual(["unlabeled", "labeled", "empty"]);
  });

  it("are classes, the largest first, and what has none", () => {
    const found = groupsOf(POINTS, "class", [{ id: "k1", name: "cat", color: "#112233" }]);
    expect(found.map(({ name, color, rows }) => [name, color, rows])).toEqual([
      ["cat", "#112233", [0, 4]],
      ["k0", "#8f8f96", [2]],
      ["No objects", "#8f8f96", [1, 3]],
    ]);
  });

  it("hold every point once, however many classes there are", () => {
    const n = 200;
    const many: Points = {
      ...POINTS,
      ids: Array.from({ length: n }, (_, row) => `${row}`),
      classes: Array.from({ length: n }, (_, row) => ((row * 7) % 41) - 1),
      class_ids: Array.from({ length: 40 }, (_, number) => `k${number}`),
    };
    const rows = groupsOf(many, "class", []).flatMap((group) => group.rows);
    expect(rows.toSorted((a, b) => a - b)).toEqual(many.ids.map(Number));
    expect(groupsOf(many, "class", []).length).toBeLessThanOrEqual(13);
  });
});

describe("the address of the map", () => {
  it("keeps what it knows and drops the rest", () => {
    expect(parseMapView({ colour: "split", similar: "id", other: 1 })).toEqual({ colour: "split", similar: "id" });
    expect(parseMapView({ colour: "class", similar: "" })).toEqual({});
    expect(parseMapView({ colour: "odd", similar: 3 })).toEqual({});
  });
});
