import fc from "fast-check";
import { describe, expect, it } from "vitest";

import { describing, relabelling, withValue } from "./attributes";
import { Document } from "./document";
import { Editor } from "./editor";
import { drawn } from "./store/changes";
import type { Annotation } from "./store/changes";

const BOX = { type: "box", x0: 1, y0: 2, x1: 30, y1: 40 } as const;
const DEFAULTS = new Map([
  ["cat", { colour: "red", seen: false }],
  ["dog", { age: 3 }],
]);

const values = fc.oneof(fc.string({ minLength: 1 }), fc.boolean(), fc.integer());
const object = fc
  .dictionary(fc.constantFrom("a", "b", "c"), values)
  .map((attributes): Annotation => ({ ...drawn(BOX, "cat"), attributes }));

function open(annotations: readonly Annotation[] = []): Editor {
  const editor = new Editor();
  editor.open(new Document("image", { width: 100, height: 100 }, annotations));
  editor.setClass("cat");
  editor.setDefaults(DEFAULTS);
  return editor;
}

const attributesOf = (editor: Editor) => editor.document?.store.all().map(({ attributes }) => attributes);

describe("attributes of objects", () => {
  it("are set for all that are selected, as one step of undo", () => {
    fc.assert(
      fc.property(fc.array(object, { minLength: 1, maxLength: 5 }), values, (annotations, value) => {
        const editor = open(annotations);
        editor.selectAll();
        editor.describe(editor.selected, "b", value);
        expect(attributesOf(editor)?.every((one) => one.b === value)).toBe(true);
        expect(attributesOf(editor)?.map(({ a, c }) => [a, c])).toEqual(
          annotations.map(({ attributes: { a, c } }) => [a, c]),
        );
        if (editor.state.canUndo) editor.undo();
        expect(editor.state.canUndo).toBe(false);
        expect(attributesOf(editor)).toEqual(annotations.map(({ attributes }) => attributes));
      }),
    );
  });

  it("go without a trace, and nothing is invented", () => {
    const [one, two] = [{ ...drawn(BOX, "cat"), attributes: { a: "x" } }, drawn(BOX, "cat")];
    expect(describing([one, two], "a", null)).toHaveLength(1);
    expect(describing([one, two], "a", "x")).toHaveLength(1);
    expect(withValue(one.attributes, "a", null)).toEqual({});
    expect(describing([one], "toString", null)).toEqual([]);
  });

  it("of a proposal are the work of a hand, which accepts it", () => {
    const editor = open([{ ...drawn(BOX, "cat"), state: "proposal" }]);
    editor.selectAll();
    editor.describe(editor.selected, "a", 1);
    expect(editor.document?.store.all()[0]?.state).toBe("accepted");
  });

  it("begin as the class says", () => {
    const editor = open();
    editor.draw(BOX);
    expect(attributesOf(editor)).toEqual([{ colour: "red", seen: false }]);
    editor.selectAll();
    editor.describe(editor.selected, "seen", true);
    editor.duplicate();
    expect(attributesOf(editor)).toEqual([
      { colour: "red", seen: true },
      { colour: "red", seen: true },
    ]);
  });

  it("stay when the class changes, but for what the object only began with", () => {
    const fresh = { ...drawn(BOX, "cat"), attributes: { colour: "red", seen: false } };
    const touched = { ...fresh, id: "touched", attributes: { colour: "red", seen: true } };
    const imported = { ...fresh, id: "imported", source: "import" as const };
    const after = relabelling([fresh, touched, imported], "dog", DEFAULTS).map(
      (one) => one.op === "update" && one.after,
    );
    expect(after).toEqual([{ class_id: "dog", attributes: { age: 3 } }, { class_id: "dog" }, { class_id: "dog" }]);
  });
});
