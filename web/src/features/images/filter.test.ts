import { describe, expect, it } from "vitest";
import {
  asked,
  classesOf,
  filterBody,
  filterOf,
  filterQuery,
  isMoving,
  isNarrowed,
  parseFilter,
  tagsOf,
  widened,
  withFilter,
} from "./filter";

describe("the filter in the address", () => {
  it("reads what it knows and drops the rest", () => {
    expect(
      parseFilter({ split: "val", state: "empty", class: "c1", name: 12, order: "name", trash: true, x: 1 }),
    ).toEqual({
      split: "val",
      state: "empty",
      class: "c1",
      name: "12",
      order: "name",
      trash: true,
    });
    expect(parseFilter({ split: "holdout", state: "", order: "random", trash: "no", name: "" })).toEqual({});
  });

  it("holds how the images are shown, which nobody is asked for", () => {
    const shown = parseFilter({ as: "table", columns: ["title", "title", 7, ""], split: "val" });
    expect(shown).toEqual({ as: "table", columns: ["title", "7"], split: "val" });
    expect(parseFilter({ as: "table", columns: [] })).toEqual({ as: "table", columns: [] });
    expect(parseFilter({ as: "pictures", columns: ["title"] })).toEqual({ as: "pictures" });
    expect(parseFilter({ as: "cards", columns: "title" })).toEqual({});
    expect(asked(shown)).toEqual({ split: "val" });
    expect(filterQuery(shown)).toEqual({ split: "val", order: "unlabeled_first" });
    expect(isNarrowed(shown) || isMoving(shown)).toBe(false);
    expect(widened(shown)).toEqual(shown);
  });

  it("leaves the default order out, so that equal views have equal addresses", () => {
    expect(parseFilter({ order: "unlabeled_first" })).toEqual({});
  });

  it("replaces parts, and takes them away with undefined", () => {
    const filter = parseFilter({ split: "train", name: "cat" });
    expect(withFilter(filter, { name: undefined, state: "unlabeled" })).toEqual({ split: "train", state: "unlabeled" });
  });

  it("becomes the parameters of the server", () => {
    expect(filterQuery({ class: "c1", trash: true })).toEqual({
      class_id: "c1",
      trash: true,
      order: "unlabeled_first",
    });
    expect(filterQuery({})).toEqual({ order: "unlabeled_first" });
  });

  it("knows whose images are wanted, and how far they are", () => {
    const filter = parseFilter({ assignee: "me", work: "open", order: "name" });
    expect(filterQuery(filter)).toEqual({ assignee: "me", work: "open", order: "name" });
    expect(parseFilter({ work: "lost" })).toEqual({});
    expect(isNarrowed(filter)).toBe(true);
    expect(widened(filter)).toEqual({ order: "name" });
  });

  it("knows what counts as narrowed", () => {
    expect(isNarrowed({ split: "train", trash: true, order: "name" })).toBe(false);
    expect(isNarrowed({ name: "a" })).toBe(true);
    expect(isNarrowed(parseFilter({ state: "proposals" }))).toBe(true);
  });

  it("reads one or several classes and tags", () => {
    expect(parseFilter({ classes: ["c1"], tag: "a", tags: ["b", "a", 7, null] })).toEqual({
      class: "c1",
      tags: ["a", "b", "7"],
    });
    const two = parseFilter({ class: "c1", classes: ["c2", "c1"] });
    expect(two).toEqual({ classes: ["c1", "c2"] });
    expect(classesOf(two)).toEqual(["c1", "c2"]);
    expect(classesOf({ class: "c1" })).toEqual(["c1"]);
    expect(tagsOf({})).toEqual([]);
    expect(withFilter(two, { classes: ["c2"] })).toEqual({ class: "c2" });
    expect(filterQuery(two)).toEqual({ class_ids: ["c1", "c2"], order: "unlabeled_first" });
  });

  it("takes numbers and days that mean something", () => {
    expect(
      parseFilter({ min_score: "0.5", max_score: 2, min_area: -1, max_area: "many", min_objects: 1.6, max_share: NaN }),
    ).toEqual({ min_score: 0.5, min_objects: 2 });
    expect(parseFilter({ from: "2026-02-30", to: "2026-02-28" })).toEqual({ to: "2026-02-28" });
    expect(parseFilter({ min_objects: 0 })).toEqual({ min_objects: 0 });
  });

  it("drops what says nothing alone", () => {
    expect(parseFilter({ attribute_value: "red", metadata_value: "x", objects: "both" })).toEqual({});
    expect(parseFilter({ attribute: "tame", attribute_value: true, objects: "both" })).toEqual({
      attribute: "tame",
      attribute_value: "true",
      objects: "both",
    });
    expect(parseFilter({ order: "least_sure" })).toEqual({});
    expect(parseFilter({ order: "least_sure", state: "proposals" })).toEqual({
      order: "least_sure",
      state: "proposals",
    });
  });

  it("asks for whole days of this browser", () => {
    const { added_from, added_to } = filterQuery({ from: "2026-02-28", to: "2026-02-28" });
    expect(added_from).toBe(new Date(2026, 1, 28).toISOString());
    expect(added_to).toBe(new Date(2026, 2, 1).toISOString());
  });

  it("survives the address whole", () => {
    const filter = parseFilter({
      classes: ["a", "b"],
      min_share: 0.05,
      metadata: "k",
      metadata_value: "5",
      comments: "any",
    });
    expect(parseFilter(JSON.parse(JSON.stringify(filter)) as Record<string, unknown>)).toEqual(filter);
    expect(isNarrowed(filter)).toBe(true);
    expect(widened({ ...filter, split: "val", order: "oldest" })).toEqual({ split: "val", order: "oldest" });
  });

  it("knows what moves while one works", () => {
    expect(
      [{ name: "a", tags: ["a", "b"], video: "any" }, { split: "val" }, { order: "newest" }].map((f) =>
        isMoving(parseFilter(f)),
      ),
    ).toEqual([false, false, false]);
    expect(
      [{ state: "empty" }, { max_objects: 3 }, { order: "most_objects" }, { class: "c" }].map((f) =>
        isMoving(parseFilter(f)),
      ),
    ).toEqual([true, true, true, true]);
  });

  it("goes into a body with all lists", () => {
    expect(filterBody({ tag: "a" })).toEqual({
      tag: "a",
      tags: [],
      class_ids: [],
      trash: false,
      order: "unlabeled_first",
    });
  });

  it("comes back from a saved view", () => {
    const filters = [
      {},
      { split: "val", state: "proposals", order: "least_sure" },
      { class: "c", tags: ["a", "b"], from: "2026-02-28", to: "2026-03-29", trash: true },
      { classes: ["c", "d"], objects: "both", min_score: 0.5, attribute: "a", attribute_value: "1", assignee: "me" },
    ];
    for (const filter of filters.map((found) => parseFilter(found))) {
      const stored = JSON.parse(JSON.stringify(filterBody(filter))) as ReturnType<typeof filterBody>;
      expect(filterOf({ ...stored, name: null, comments: null })).toEqual(filter);
      expect(JSON.stringify(filterOf(stored))).toBe(JSON.stringify(filter));
    }
    const elsewhere = { order: "least_sure", added_from: "2026-01-01", added_to: "2026-01-02", class_ids: [] } as const;
    const read = { state: "proposals", order: "least_sure", from: "2026-01-01", to: "2026-01-02" };
    expect(filterOf({ ...elsewhere, tags: [], trash: false, class_ids: [] })).toEqual(read);
  });
});
