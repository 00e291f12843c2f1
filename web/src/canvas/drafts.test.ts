/** What is half drawn survives another tool, another picture and an older state; only a person gives it up. */
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";

import { Document } from "./document";
import { Editor } from "./editor";
import type { Geometry } from "./geometry/types";
import type { Waiting } from "./state";
import { Hand } from "./tools/hand.fixture";
import type { ToolKey } from "./tools/tool";

/** Clicks of each tool that keeps what is half drawn; the last one makes the shape, or Enter does after it. */
const CLICKS: Readonly<Partial<Record<ToolKey, readonly (readonly [number, number])[]>>> = {
  polygon: [[20, 20], [60, 20], [60, 60], [20, 70]], // prettier-ignore
  polyline: [[20, 20], [60, 20], [60, 60]], // prettier-ignore
  extremes: [[50, 90], [30, 50], [90, 60], [60, 20]], // prettier-ignore
  rotated: [[20, 20], [60, 30], [50, 70]], // prettier-ignore
};
const KEYS = Object.keys(CLICKS) as ToolKey[];
const OTHERS = ["select", "box", "brush", "pan", "measure", "slice", "wand"] as const;

function take(editor: Editor, key: ToolKey): void {
  if (key === "extremes") editor.setBoxWay("extremes");
  editor.setTool(key === "extremes" ? "box" : key);
}

/** The shape that these clicks make where something comes between them. */
function drawn(key: ToolKey, after: number, between: (hand: Hand) => void): Geometry[] {
  const hand = new Hand();
  take(hand.editor, key);
  for (const [i, [x, y]] of (CLICKS[key] ?? []).entries()) {
    hand.click(x, y);
    if (i + 1 === after) between(hand);
  }
  hand.editor.finish();
  return hand.created();
}

const waiting = ({ editor }: Hand): readonly Waiting[] => editor.state.waiting;

describe("what is half drawn", () => {
  it.each(KEYS)("waits for its tool, whatever is done meanwhile: %s", (key) => {
    const whole = drawn(key, 2, () => undefined);
    expect(whole).toHaveLength(1);
    const comings = fc.array(fc.constantFrom(...OTHERS), { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(comings, fc.boolean(), (others, elsewhere) => {
        const again = drawn(key, 2, (hand) => {
          const { editor } = hand;
          const home = editor.document;
          for (const other of [...others, "select" as const]) editor.setTool(other);
          expect(waiting(hand)).toEqual([{ tool: key, points: 2 }]);
          expect(editor.previews).toEqual([]);
          if (elsewhere) {
            editor.open(new Document("other", { width: 200, height: 150 }));
            expect(waiting(hand)).toEqual([]);
            editor.open(home);
            editor.zoom(2 / editor.camera.scale);
            editor.pan(-editor.camera.tx, -editor.camera.ty);
          }
          editor.goOn(key);
          expect(waiting(hand)).toEqual([]);
          expect(editor.previews).toHaveLength(1);
        });
        expect(again).toEqual(whole);
      }),
      { numRuns: 25 },
    );
  });

  it("is told of where a picture is left, and not where an older state of it is looked at", () => {
    const hand = new Hand();
    const { editor } = hand;
    const left: (readonly Waiting[])[] = [];
    editor.on("left", (what) => left.push(what));
    take(editor, "polygon");
    hand.click(20, 20);
    hand.click(60, 20);
    const home = editor.document;
    editor.open(new Document("picture", { width: 200, height: 150 }), { readOnly: true });
    expect([left, editor.state.drawing, waiting(hand)]).toEqual([[], 0, []]);
    editor.open(home);
    expect([editor.state.drawing, waiting(hand)]).toEqual([2, []]);
    editor.open(null);
    expect(left).toEqual([[{ tool: "polygon", points: 2 }]]);
  });

  it("goes on in another editor of the same document, and is given up only when it is said", () => {
    const hand = new Hand();
    take(hand.editor, "polygon");
    for (const [x, y] of CLICKS.polygon ?? []) hand.click(x, y);
    const { document } = hand.editor;
    hand.editor.open(null);
    const later = new Editor();
    later.setView({ width: 400, height: 300 });
    later.open(document);
    expect(later.state.waiting).toEqual([{ tool: "polygon", points: 4 }]);
    expect(later.isHalfDrawn).toBe(true);
    later.dismiss("polygon");
    later.setTool("polygon");
    expect([later.isHalfDrawn, later.state.drawing]).toEqual([false, 0]);
  });

  it("is worth nothing while it is one click, and stays with its tool pressed again", () => {
    const hand = new Hand();
    for (const key of KEYS) {
      take(hand.editor, key);
      hand.click(20, 20);
      hand.editor.setTool("select");
    }
    expect(waiting(hand)).toEqual([]);
    take(hand.editor, "polygon");
    hand.click(20, 20);
    hand.click(60, 20);
    hand.editor.setTool("polygon");
    expect(hand.editor.state.drawing).toBe(2);
  });

  it("stays in the hand when a second finger comes, a step is done again or an older state is brought back", () => {
    for (const disturb of [
      (editor: Editor): void => editor.interrupt(),
      (editor: Editor): void => editor.redo(),
      (editor: Editor): void => editor.change([]),
    ]) {
      for (const key of KEYS) {
        expect(drawn(key, 2, ({ editor }) => disturb(editor))).toEqual(drawn(key, 2, () => undefined));
      }
    }
  });

  it("is not torn by a second finger in the middle of a press", () => {
    const hand = new Hand();
    take(hand.editor, "rotated");
    hand.click(20, 20);
    hand.down(60, 30);
    hand.editor.interrupt();
    hand.click(60, 30);
    hand.click(50, 70);
    expect(hand.created()).toEqual(drawn("rotated", 2, () => undefined));
    take(hand.editor, "box");
    hand.editor.setBoxWay("corners");
    hand.click(10, 10);
    hand.down(40, 40);
    hand.editor.interrupt();
    hand.click(50, 40);
    expect(hand.created().at(-1)).toMatchObject({ x0: 10, y0: 10, x1: 50, y1: 40 });
  });
});

it("a first corner of a box is taken back before the step that came before it", () => {
  const hand = new Hand();
  take(hand.editor, "box");
  hand.drag([10, 10], [40, 40]);
  hand.click(60, 60);
  hand.editor.undo();
  expect(hand.editor.document?.store.size).toBe(1);
  hand.editor.undo();
  expect(hand.editor.document?.store.size).toBe(0);
});
