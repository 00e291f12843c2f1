import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { AttributeDefinition } from "../../api/types";
import { draftOf, draftOfLine, readDraft, withLines } from "./attributeDraft";

const bare = { choices: [], minimum: null, maximum: null, step: null, default: null };
const LINES: readonly (readonly [string, AttributeDefinition])[] = [
  ["note", { ...bare, name: "note", kind: "text" }],
  ["note: text = a=b", { ...bare, name: "note", kind: "text", default: "a=b" }],
  ["occluded: Checkbox = no", { ...bare, name: "occluded", kind: "checkbox", default: false }],
  ["age: number", { ...bare, name: "age", kind: "number" }],
  [
    "age: number 0 to 120 step 1 = 5",
    { ...bare, name: "age", kind: "number", minimum: 0, maximum: 120, step: 1, default: 5 },
  ],
  ["depth: number -1.5e3 to", { ...bare, name: "depth", kind: "number", minimum: -1500 }],
  ["depth: number to 123456789", { ...bare, name: "depth", kind: "number", maximum: 123456789 }],
  ["depth: number 0 to step 2", { ...bare, name: "depth", kind: "number", minimum: 0, step: 2 }],
  ["depth: number step 0.5", { ...bare, name: "depth", kind: "number", step: 0.5 }],
  [
    "colour: red, green,,red , blue = green",
    { ...bare, name: "colour", kind: "select", choices: ["red", "green", "blue"], default: "green" },
  ],
];

describe("attributes as people write them", () => {
  it.each(LINES)("reads %s", (line, definition) => {
    expect(readDraft(draftOfLine(line))).toEqual({ definition });
    expect(readDraft(draftOf(definition))).toEqual({ definition });
  });

  it.each([
    [": text", "needs a name"],
    ["a: ,", "write the choices"],
    ["a: checkbox = perhaps", "yes or no"],
    ["a: red, green = blue", "one of red, green"],
    ["a: number = many", "no number"],
    ["a: number 9 to 1", "above the greatest"],
    ["a: number 0 to x", "no number"],
    ["a: number 0 to 1 = 2", "at most 1"],
    ["a: number 0 to 1 step 0", "above 0"],
  ])("says what is wrong with %s", (line, told) => {
    expect(readDraft(draftOfLine(line))).toEqual({ problem: expect.stringContaining(told) as string });
  });

  it("adds lines after what is there, each name once", () => {
    const [note] = LINES;
    const made = withLines([], ["note", "b: x, y"]);
    expect("definitions" in made && made.definitions.map(({ name }) => name)).toEqual(["note", "b"]);
    expect(withLines([note?.[1] ?? ({} as AttributeDefinition)], ["c", "note: checkbox"])).toEqual({
      problem: expect.stringContaining("note already") as string,
    });
  });

  it("never fails, whatever is typed", () => {
    fc.assert(
      fc.property(fc.string(), (line) => {
        const read = readDraft(draftOfLine(line));
        return "problem" in read || read.definition.name === (line.split(":")[0] ?? "").trim();
      }),
    );
  });
});
