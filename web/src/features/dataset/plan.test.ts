import { describe, expect, it } from "vitest";
import { FIRST_PLAN, isWhole, missing, ratioOf } from "./plan";
import type { Preview } from "./queries";

const numbers = (train = 0, val = 0, test = 0, none = 0) => ({ train, val, test, none });

describe("a plan", () => {
  it("needs something that one split gets", () => {
    expect(isWhole(FIRST_PLAN)).toBe(true);
    expect(isWhole({ ...FIRST_PLAN, train: 0, val: 0, test: 0 })).toBe(false);
    expect(isWhole({ ...FIRST_PLAN, train: Number.NaN })).toBe(false);
    expect(ratioOf({ ...FIRST_PLAN, train: 7, val: 2.5, test: 0.5 })).toBe("7 : 2.5 : 0.5");
  });
});

describe("classes that are missing in a split", () => {
  const share = (name: string, after: ReturnType<typeof numbers>) => ({
    class_id: name,
    name,
    before: numbers(),
    after,
  });
  const preview = (images: ReturnType<typeof numbers>, ...classes: ReturnType<typeof share>[]): Preview => ({
    moved: 0,
    images_before: numbers(),
    images_after: images,
    objects_before: numbers(),
    objects_after: numbers(),
    classes,
    groups: 0,
    largest: 1,
    torn: 0,
    digest: "",
  });

  it("are named only where a split has images and the class objects", () => {
    const seen = preview(
      numbers(8, 2, 0),
      share("cat", numbers(5, 1)),
      share("dog", numbers(3)),
      share("owl", numbers()),
      share("elk", numbers(0, 0, 0, 9)),
    );
    expect([...missing(seen)]).toEqual([["val", ["dog"]]]);
  });
});
