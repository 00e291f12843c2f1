import { describe, expect, it } from "vitest";

import type { AttributeDefinition } from "../../api/types";
import { drawn } from "../../canvas";
import type { Attributes } from "../../canvas";
import { fieldsOf, numberTyped, ofClass, startOf, stepped } from "./fields";

const make = (name: string, kind: AttributeDefinition["kind"], more: Partial<AttributeDefinition> = {}) => ({
  name,
  kind,
  choices: [],
  ...more,
});
const colour = make("colour", "select", { choices: ["red", "green"], default: "red" });
const age = make("age", "number", { minimum: 0, maximum: 10, step: 0.1 });
const BOX = { type: "box", x0: 1, y0: 2, x1: 30, y1: 40 } as const;
const object = (classId: string, attributes: Attributes) => drawn(BOX, classId, attributes);
const of = (classId: string) => (classId === "cat" ? [colour, age] : [colour, make("age", "text")]);

describe("fields of the selected objects", () => {
  it("say what all of them say, that they differ, or nothing", () => {
    const { fields, others } = fieldsOf(
      [object("cat", { colour: "red", from: "x" }), object("cat", { colour: "red", age: 3 })],
      of,
    );
    expect(fields).toEqual([
      { definition: colour, shared: { mixed: false, value: "red" } },
      { definition: age, shared: { mixed: true } },
    ]);
    expect(others).toEqual([{ name: "from", shared: { mixed: true } }]);
  });

  it("of several classes are those that all of them have", () => {
    const { fields, others } = fieldsOf([object("cat", { age: 3 }), object("dog", { age: "old" })], of);
    expect(fields.map(({ definition }) => definition.name)).toEqual(["colour"]);
    expect(others.map(({ name }) => name)).toEqual(["age"]);
    expect(fieldsOf([], of)).toEqual({ fields: [], others: [] });
  });

  it("come from the class before they come from all classes, with what new objects begin with", () => {
    expect(ofClass([colour], [make("colour", "text"), age])).toEqual([colour, age]);
    expect(startOf([colour, age, make("seen", "checkbox", { default: false })])).toEqual({
      colour: "red",
      seen: false,
    });
  });

  it("take numbers within their bounds, and step through them", () => {
    expect(["", " 3,5 ", "11", "-1", "x", "1e999"].map((text) => numberTyped(text, age))).toEqual(
      [null, 3.5, undefined, undefined, undefined, undefined], // prettier-ignore
    );
    expect([stepped(null, 1, age), stepped(0.2, 1, age), stepped(10, 1, age), stepped(0, -1, age)]).toEqual([
      0, 0.3, 10, 0,
    ]);
    expect(stepped("three", -1, make("n", "number"))).toBe(0);
  });
});
