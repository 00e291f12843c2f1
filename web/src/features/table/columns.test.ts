import { describe, expect, it } from "vitest";
import type { Image } from "../../api/types";
import { knownFields, nextOrder, sortOf } from "./columns";

describe("columns of the library", () => {
  it("are sorted one way, then the other", () => {
    expect(nextOrder("objects", undefined)).toBe("most_objects");
    expect(nextOrder("objects", "most_objects")).toBe("fewest_objects");
    expect(nextOrder("objects", "fewest_objects")).toBe("most_objects");
    expect(nextOrder("name", "name")).toBeUndefined();
    expect([sortOf("size", "largest"), sortOf("size", "smallest")]).toEqual(["descending", "ascending"]);
    expect([sortOf("size", "name"), sortOf("name", "name"), sortOf("name", undefined)]).toEqual([
      "none",
      "ascending",
      "none",
    ]);
  });

  it("offer the usual fields, those of the images and those that are shown", () => {
    const images = [{ metadata: { year: "1890", title: "x" } }, {}] as unknown as Image[];
    expect(knownFields(images, ["mine", "year"], ["title", "author"])).toEqual(["title", "author", "year", "mine"]);
  });
});
