import fc from "fast-check";
import { beforeEach, describe, expect, it } from "vitest";

import type { Geometry, Polygon } from "../geometry/types";
import { Hand } from "./hand.fixture";
import type { Prompt } from "./tool";

const FOUND: Polygon = { type: "polygon", rings: [[[20, 20], [60, 20], [40, 60]]] }; // prettier-ignore

let hand: Hand;
let asked: (Prompt | null)[];

const last = (): Prompt => asked.at(-1) as Prompt;
const answer = (found: Geometry | null = FOUND): void => hand.editor.outlined(last().question, found);

beforeEach(() => {
  hand = new Hand();
  asked = [];
  hand.editor.on("prompt", (prompt) => asked.push(prompt));
  hand.editor.setTool("smart");
});

describe("the smart tool", () => {
  it("asks at each click and draws what was found", () => {
    hand.click(40, 40);
    expect(last()).toMatchObject({ box: null, inside: [[40, 40]], outside: [] });
    hand.click(70, 70, { alt: true });
    expect(last()).toMatchObject({ inside: [[40, 40]], outside: [[70, 70]] });
    answer();
    expect(hand.editor.previews).toMatchObject([{ geometry: FOUND, marks: [{ inside: true }, { inside: false }] }]);
    expect(hand.editor.finish()).toBe(true);
    expect(hand.created()).toEqual([FOUND]);
    expect(hand.sets).toHaveLength(1);
    expect(hand.editor.previews).toEqual([]);
    hand.editor.undo();
    expect(hand.editor.document?.store.all()).toEqual([]);
  });

  it("takes a box by dragging, a later one in place of it", () => {
    hand.drag([10, 10], [50, 60]);
    hand.drag([70, 60], [20, 10]);
    hand.click(199.999, 149.999);
    expect(last()).toMatchObject({ box: [20, 10, 70, 60] });
    expect(last().inside[0]?.[0]).toBeLessThan(200);
  });

  it("does not look at answers to older questions", () => {
    hand.click(40, 40);
    const first = last().question;
    hand.click(50, 40);
    hand.editor.outlined(first, FOUND);
    expect(hand.editor.state.smart.found).toBe(false);
    expect(hand.editor.finish()).toBe(true);
    expect(hand.created()).toEqual([]);
    hand.editor.cancel();
    hand.editor.outlined(first + 1, FOUND);
    expect(hand.editor.previews).toEqual([]);
  });

  it("takes steps back and forth", () => {
    hand.click(40, 40);
    hand.click(50, 40);
    hand.editor.undo();
    expect(last().inside).toEqual([[40, 40]]);
    hand.editor.redo();
    expect(last().inside).toHaveLength(2);
    hand.editor.removeSelection();
    hand.editor.removeSelection();
    expect(asked.at(-1)).toBeNull();
    expect(hand.editor.activeTool.busy).toBe(false);
    expect(hand.editor.state.smart.waiting).toBe(false);
  });

  it("says that an outline is lost by the choice of another tool, not by Escape", () => {
    const refused: string[] = [];
    hand.editor.on("refused", (why) => refused.push(why));
    hand.click(40, 40);
    hand.editor.setTool("box");
    expect(refused).toEqual(["outline lost"]);
    hand.editor.setTool("smart");
    hand.click(40, 40);
    answer();
    hand.editor.cancel();
    hand.editor.setTool("select");
    expect(refused).toHaveLength(1);
  });

  it("asks nothing where all clicks are beside the object", () => {
    hand.click(40, 40, { alt: true });
    expect(asked).toEqual([null]);
    hand.editor.setBeside(true);
    hand.click(50, 40);
    hand.click(60, 40, { alt: true });
    expect(last()).toMatchObject({ inside: [[60, 40]], outside: [[40, 40], [50, 40]] }); // prettier-ignore
  });

  it("draws a mask where masks are wanted", () => {
    hand.editor.setSmartShape("mask");
    hand.click(40, 40);
    answer();
    hand.editor.finish();
    expect(hand.created()).toMatchObject([{ type: "mask", width: 200, height: 150 }]);
  });

  it("ends where it began after as many steps back, whatever was done", () => {
    const place = fc.tuple(fc.integer({ min: 0, max: 200 }), fc.integer({ min: 0, max: 150 }));
    fc.assert(
      fc.property(fc.array(fc.record({ at: place, alt: fc.boolean() }), { maxLength: 12 }), (clicks) => {
        for (const { at, alt } of clicks) hand.click(...at, { alt });
        for (let i = 0; i < clicks.length; i++) hand.editor.undo();
        return !hand.editor.activeTool.busy && hand.editor.previews.length === 0;
      }),
    );
  });
});
