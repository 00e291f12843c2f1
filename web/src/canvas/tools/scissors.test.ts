import { beforeEach, describe, expect, it } from "vitest";

import { paint } from "../colours.fixture";
import type { Editor } from "../editor";
import { ringArea } from "../geometry/shape";
import type { Geometry, Point } from "../geometry/types";
import { painted } from "../samples.fixture";
import { Hand } from "./hand.fixture";

const PICTURE = { width: 200, height: 150 };
const isInside = (x: number, y: number): boolean => x >= 40 && x < 160 && y >= 30 && y < 110;

let hand: Hand;
let editor: Editor;
const shapes = (): Geometry[] => (editor.document?.store.all() ?? []).map(({ geometry }) => geometry);
const rings = (): readonly (readonly Point[])[] =>
  shapes().flatMap((shape) => (shape.type === "polygon" ? shape.rings : []));

/** Corners are cut by a pixel. */
const near = (area: number): void => expect(Math.abs(ringArea(rings()[0] ?? []) - area)).toBeLessThan(9);

beforeEach(() => {
  hand = new Hand();
  ({ editor } = hand);
  paint(
    editor,
    painted(PICTURE, (x, y) => (isInside(x, y) ? 180 : 40)),
  );
  editor.setTool("scissors");
});

describe("the scissors", () => {
  it("follow the edges from click to click and close the outline with Enter, as one step", () => {
    hand.click(40, 30);
    hand.move(160, 110);
    expect(editor.previews[0]).toMatchObject({ points: [[40, 30]], path: [[40, 30]] });
    hand.click(160, 110);
    expect(editor.state.drawing).toBe(2);
    expect(editor.finish()).toBe(true);
    expect(hand.sets).toHaveLength(1);
    expect(rings()).toHaveLength(1);
    expect(rings()[0]?.length).toBeLessThanOrEqual(8);
    near(120 * 80);
    expect(editor.previews).toEqual([]);
    editor.undo();
    expect(shapes()).toEqual([]);
    editor.redo();
    near(120 * 80);
  });

  it("go on after another tool where they were", () => {
    hand.click(40, 30);
    hand.click(160, 30);
    editor.setTool("select");
    expect([editor.state.waiting, editor.previews]).toEqual([[{ tool: "scissors", points: 2 }], []]);
    editor.goOn("scissors");
    hand.click(160, 110);
    editor.finish();
    near(120 * 80);
  });

  it("end at the first point, or by a second click on the last one", () => {
    hand.click(40, 30);
    hand.click(160, 30);
    hand.click(160, 110);
    hand.click(41, 31);
    near(120 * 80);
    hand.click(40, 30);
    hand.click(160, 110);
    hand.click(160, 110);
    expect(shapes()).toHaveLength(2);
  });

  it("take clicks back and forth, and give all up with Escape", () => {
    hand.click(40, 30);
    hand.click(160, 30);
    hand.click(100, 75);
    editor.undo();
    expect(editor.state.drawing).toBe(2);
    editor.redo();
    expect(editor.state.drawing).toBe(3);
    editor.removeSelection();
    hand.click(160, 110);
    editor.finish();
    near(120 * 80);
    hand.click(40, 30);
    editor.cancel();
    expect(editor.activeTool.busy).toBe(false);
    expect(editor.previews).toEqual([]);
    expect(shapes()).toHaveLength(1);
  });

  it("go straight with Shift, and do nothing where the picture is not here yet", () => {
    hand.click(40, 30);
    hand.click(160, 110, { shift: true });
    editor.finish();
    near((120 * 80) / 2);
    const refused: string[] = [];
    editor.on("refused", (why) => refused.push(why));
    paint(editor, null);
    hand.click(40, 30);
    expect(refused).toEqual(["no colours"]);
    expect(editor.activeTool.busy).toBe(false);
  });

  it("do in turn what comes before the way to a click is there", () => {
    const answer = paint(
      editor,
      painted(PICTURE, (x, y) => (isInside(x, y) ? 180 : 40)),
      true,
    );
    hand.click(40, 30);
    hand.click(160, 30);
    hand.click(160, 110);
    editor.finish();
    expect(editor.state.drawing).toBe(0);
    for (let i = 1; i <= 3; i++) {
      answer();
      expect(editor.state.drawing).toBe(i);
    }
    answer();
    near(120 * 80);
    hand.click(40, 30);
    answer();
    hand.click(160, 110);
    editor.undo();
    answer();
    expect(editor.state.drawing).toBe(1);
  });
});
