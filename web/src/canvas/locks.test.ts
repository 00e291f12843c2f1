import { describe, expect, it } from "vitest";

import { Document } from "./document";
import { isSeen, NO_FILTER, passes } from "./sight";
import { drawn } from "./store/changes";
import type { Annotation } from "./store/changes";
import { Hand } from "./tools/hand.fixture";

const box = (x: number, patch: Partial<Annotation> = {}): Annotation => ({
  ...drawn({ type: "box", x0: x, y0: 10, x1: x + 30, y1: 40 }, "cat"),
  ...patch,
});

function scene() {
  const [a, b] = [box(10), box(60)];
  const hand = new Hand([a, b]);
  const refused: string[] = [];
  hand.editor.on("refused", (why) => refused.push(why));
  return { hand, editor: hand.editor, a, b, refused };
}

describe("locks", () => {
  it("cannot be chosen in the picture, by Tab or with all", () => {
    const { hand, editor, a, b } = scene();
    editor.toggleLocked([a.id]);
    hand.click(20, 20);
    expect(editor.selected.size).toBe(0);
    editor.selectAll();
    expect([...editor.selected]).toEqual([b.id]);
    editor.select([]);
    editor.cycle(1);
    expect([...editor.selected]).toEqual([b.id]);
  });

  it("stay as they are whatever is tried, and say so", () => {
    const { hand, editor, a, refused } = scene();
    editor.toggleLocked([a.id]);
    const tries = [
      () => editor.nudge(1, 0),
      () => editor.grow(1, 0),
      () => editor.relabel([a.id], "dog"),
      () => editor.remove([a.id]),
      () => editor.removeSelection(),
      () => editor.convert(),
      () => editor.stack("front"),
      () => editor.change([{ op: "delete", annotation: a }]),
    ];
    for (const attempt of tries) {
      editor.select([a.id]);
      attempt();
      expect(editor.get(a.id)).toEqual(a);
      expect(refused.pop()).toBe("locked");
      refused.length = 0;
    }
    editor.select([a.id]);
    hand.drag([40, 40], [50, 50]);
    hand.drag([20, 20], [30, 30]);
    expect(editor.get(a.id)).toEqual(a);
  });

  it("let the others of a selection move", () => {
    const { hand, editor, a, b } = scene();
    editor.toggleLocked([a.id]);
    editor.select([a.id, b.id]);
    hand.drag([70, 20], [75, 20]);
    expect(editor.get(a.id)).toEqual(a);
    expect(editor.get(b.id)?.geometry).toMatchObject({ x0: 65 });
    editor.remove(editor.selected);
    expect([editor.get(a.id), editor.get(b.id)]).toEqual([a, undefined]);
  });

  it("belong to their picture, and end all at once", () => {
    const { editor, a, b } = scene();
    editor.toggleAllLocked();
    expect([...editor.state.locked]).toEqual([a.id, b.id]);
    const { document } = editor;
    editor.open(new Document("other", { width: 10, height: 10 }, []));
    expect(editor.state.locked.size).toBe(0);
    editor.open(document);
    expect(editor.state.locked.size).toBe(2);
    editor.toggleAllLocked();
    expect(editor.state.locked.size).toBe(0);
  });
});

describe("only some", () => {
  it("shows the selected ones and what is drawn then, until the key comes again", () => {
    const { hand, editor, a, b } = scene();
    expect(editor.toggleIsolated()).toBe(false);
    editor.select([a.id]);
    editor.toggleIsolated();
    const seen = () => (editor.document?.store.all() ?? []).filter(editor.isVisible).length;
    expect([seen(), editor.isVisible(a), editor.isVisible(b)]).toEqual([1, true, false]);
    editor.setTool("box");
    hand.drag([110, 50], [140, 90]);
    expect(seen()).toBe(2);
    editor.toggleIsolated();
    expect(seen()).toBe(3);
  });

  it("passes by class, source and score; who has no score stays", () => {
    const model = box(0, { class_id: "dog", source: "model", score: 0.4 });
    const filters = [{ classId: "dog" }, { source: "model" as const }, { least: 0.5 }, { classId: "cat", least: 0.9 }];
    expect(filters.map((one) => passes(model, { ...NO_FILTER, ...one }))).toEqual([true, true, false, false]);
    expect(passes(box(0), { ...NO_FILTER, least: 1 })).toBe(true);
    const sight = { hidden: new Set<string>(), allHidden: false, isolated: null, leastScore: 0 };
    const filter = { ...NO_FILTER, least: 0.5 };
    expect(isSeen(model, { ...sight, filter })).toBe(true);
    expect(isSeen(model, { ...sight, filter: { ...filter, hides: true } })).toBe(false);
  });

  it("deselects what a filter hides", () => {
    const { editor, a } = scene();
    editor.select([a.id]);
    editor.setFilter({ classId: "dog" });
    expect(editor.selected.size).toBe(1);
    editor.setFilter({ hides: true });
    expect(editor.selected.size).toBe(0);
  });

  it("a click takes what was brought forward, however large", () => {
    const small = drawn({ type: "box", x0: 20, y0: 20, x1: 40, y1: 40 }, "cat");
    const large = drawn({ type: "box", x0: 0, y0: 0, x1: 100, y1: 100 }, "cat");
    const hand = new Hand([small, large]);
    hand.click(30, 30);
    expect([...hand.editor.selected]).toEqual([small.id]);
    hand.editor.select([large.id]);
    expect(hand.editor.stack("front")).toBe(true);
    hand.editor.select([]);
    hand.click(30, 30);
    expect([...hand.editor.selected]).toEqual([large.id]);
    hand.editor.undo();
    expect(hand.editor.get(large.id)?.z).toBe(0);
  });
});
