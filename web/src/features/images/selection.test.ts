import { describe, expect, it } from "vitest";
import { add, deselect, NOTHING, selectAll, toggle } from "./selection";

const LIST = ["a", "b", "c", "d", "e"];

describe("selection", () => {
  it("toggles one", () => {
    const one = toggle(NOTHING, "b");
    expect([...one.ids]).toEqual(["b"]);
    expect([...toggle(one, "b").ids]).toEqual([]);
  });

  it("adds a range to what is selected, and leaves the place from which the next one goes on", () => {
    const start = toggle(NOTHING, "c");
    const range = add(start, ["c", "d", "e"], "c");
    expect([...range.ids]).toEqual(["c", "d", "e"]);
    expect([...add(range, ["a", "b", "c"], "a").ids].sort()).toEqual(LIST);
    expect(add(range, ["a", "b", "c"], "a").anchor).toBe("c");
  });

  it("starts a range where there is no anchor", () => {
    expect(add(NOTHING, ["b"], "b")).toEqual({ ids: new Set(["b"]), anchor: "b" });
  });

  it("lets go of what was acted on and keeps what was selected since", () => {
    const since = toggle(toggle(toggle(NOTHING, "a"), "b"), "c");
    expect([...deselect(since, ["a", "b"]).ids]).toEqual(["c"]);
    expect(deselect(since, ["a"]).anchor).toBe("c");
  });

  it("selects all", () => {
    expect(selectAll(LIST).ids.size).toBe(5);
    expect(selectAll([]).anchor).toBeNull();
  });
});
