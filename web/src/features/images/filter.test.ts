import { describe, expect, it } from "vitest";
import { filterQuery, isNarrowed, parseFilter, widened, withFilter } from "./filter";

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
});
