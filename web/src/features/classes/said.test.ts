import { describe, expect, it } from "vitest";
import type { Schemas } from "../../api/client";
import { doneOf, listed, remarksOf, titleOf, undoneOf } from "./said";

const change = (over: Partial<Schemas["ClassChange"]>): Schemas["ClassChange"] => ({
  id: "1",
  project_id: "p",
  created_at: "",
  created_by: null,
  kind: "merge",
  names: ["van"],
  into: "car",
  fields: [],
  objects: 2,
  images: 1,
  tracks: 0,
  kept: 0,
  undoes: null,
  undone: false,
  ...over,
});
const total = { manual: 1, accepted: 1, proposals: 1, images: 2, in_trash: 0, aside: 0 };

describe("what changes of classes are called", () => {
  it("lists names as people do", () => {
    expect(listed(["a"])).toBe("a");
    expect(listed(["a", "b", "c"])).toBe("a, b and c");
    expect(listed(["a", "b", "c", "d"])).toBe("4 classes");
  });

  it("says what was done and taken back", () => {
    expect(doneOf(change({}))).toBe("van merged into car: 2 objects on 1 image");
    expect(undoneOf(change({ kept: 1 }))).toBe(
      "Taken back: 2 objects on 1 image. Left alone because somebody has worked on it since: 1 object",
    );
    expect(undoneOf(change({ objects: 0 }))).toBe("Taken back");
    expect(titleOf(change({ kind: "update", fields: ["color", "hotkey"] }))).toBe("Colour and key of van changed");
    expect(titleOf(change({ kind: "delete", into: null }))).toBe("van deleted");
  });

  it("says what is worth knowing before", () => {
    const seen: Schemas["ClassPreview"] = {
      kind: "merge",
      classes: [],
      total,
      tracks: 0,
      into: "car",
      into_new: false,
      into_objects: 5,
      attributes: [],
      hotkey: "1",
      freed: ["2", "3"],
      emptied: 0,
      models: 1,
      views: 0,
      digest: "",
    };
    expect(remarksOf(seen)).toEqual([
      "car has 5 objects already and keeps its name and colour.",
      "car gets the key 1.",
      "Free keys afterwards: 2, 3.",
      "1 model here and all versions stay as they are; models go on predicting the old names.",
    ]);
    const part = remarksOf({ ...seen, kind: "split", into_new: true, hotkey: null, freed: [] });
    expect(part).toEqual(["The class car is new.", "Tracks of videos stay: filters speak of images."]);
  });
});
