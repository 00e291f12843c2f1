import { describe, expect, it } from "vitest";
import { deselect, extend, NOTHING, selectAll, toggle } from "./selection";

const LIST = ["a", "b", "c", "d", "e"];

describe("selection", () => {
  it("toggles one", () => {
    const one = toggle(NOTHING, "b");
    expect([...one.ids]).toEqual(["b"]);
    expect([...toggle(one, "b").ids]).toEqual([]);
  });

  it("extends from where the last single choice was made, in both directions", () => {
    const start = toggle(NOTHING, "c");
    expect([...extend(start, "e", LIST).ids]).toEqual(["c", "d", "e"]);
    expect([...extend(start, "a", LIST).ids].sort()).toEqual(["a", "b", "c"]);
    expect(extend(extend(start, "e", LIST), "b", LIST).ids.size).toBe(4);
  });

  it("starts a range at the item itself where there is no anchor, or it has left the list", () => {
    expect([...extend(NOTHING, "b", LIST).ids]).toEqual(["b"]);
    expect([...extend(toggle(NOTHING, "gone"), "b", LIST).ids]).toEqual(["gone", "b"]);
    expect(extend(NOTHING, "gone", LIST)).toBe(NOTHING);
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
