import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { backTo, rowsOf, type Described, type Fields } from "./fields";

const names = fc.constantFrom("title", "author", "camera");
const filled = fc.dictionary(names, fc.string({ minLength: 1, maxLength: 4 }));
const change = fc.dictionary(names, fc.string({ maxLength: 4 }));

/** What the server does. */
const written = (fields: Fields, wanted: Fields): Fields =>
  Object.fromEntries(Object.entries({ ...fields, ...wanted }).filter(([, value]) => value !== ""));

describe("metadata of several images", () => {
  it("shows what they share and where they differ", () => {
    expect(rowsOf([{ title: "a", author: "x" }, { title: "a" }])).toEqual([
      { name: "author", value: null },
      { name: "title", value: "a" },
    ]);
    expect(rowsOf([])).toEqual([]);
  });

  it("is as it was once a change is taken back", () => {
    fc.assert(
      fc.property(fc.array(filled, { minLength: 1, maxLength: 4 }), change, (list, wanted) => {
        const images = list.map((metadata, i) => ({ id: String(i), metadata }));
        const back = new Map(backTo(images, wanted).map(({ id, fields }: Described) => [id, fields]));
        for (const { id, metadata } of images) {
          expect(written(written(metadata, wanted), back.get(id) ?? {})).toEqual(metadata);
        }
      }),
    );
  });
});
