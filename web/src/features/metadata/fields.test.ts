import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { changed, isSame, rowsOf, type Fields } from "./fields";

const names = fc.constantFrom("title", "author", "camera");
const filled = fc.dictionary(names, fc.string({ minLength: 1, maxLength: 4 }));
const change = fc.dictionary(names, fc.string({ maxLength: 4 }));

describe("metadata of several images", () => {
  it("shows what they share and where they differ", () => {
    expect(rowsOf([{ title: "a", author: "x" }, { title: "a" }])).toEqual([
      { name: "author", value: null },
      { name: "title", value: "a" },
    ]);
    expect(rowsOf([])).toEqual([]);
  });

  it("sets what is written for all, and takes away what is emptied", () => {
    fc.assert(
      fc.property(fc.array(filled, { minLength: 1, maxLength: 4 }), change, (images, wanted) => {
        const after = images.map((fields) => changed(fields, wanted));
        const rows = new Map(rowsOf(after).map(({ name, value }) => [name, value]));
        for (const [name, value] of Object.entries(wanted))
          expect(rows.get(name)).toBe(value === "" ? undefined : value);
        after.forEach((fields, i) => {
          for (const [name, value] of Object.entries(images[i] ?? {})) {
            if (!(name in wanted)) expect(fields[name]).toBe(value);
          }
        });
      }),
    );
  });

  it("knows equals", () => {
    fc.assert(
      fc.property(filled, filled, (some: Fields, others: Fields) => {
        expect(isSame(some, { ...some })).toBe(true);
        expect(isSame(some, others)).toBe(isSame(others, some));
      }),
    );
    expect(isSame({ a: "1" }, { a: "1", b: "2" })).toBe(false);
    expect(isSame({ a: "1" }, { b: "1" })).toBe(false);
  });
});
