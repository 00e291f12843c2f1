import { beforeEach, describe, expect, it } from "vitest";

import type { Editor } from "../editor";
import type { RotatedBox } from "../geometry/types";
import { Hand } from "./hand.fixture";

let hand: Hand;
let editor: Editor;

beforeEach(() => {
  hand = new Hand();
  ({ editor } = hand);
});

const only = (): RotatedBox => hand.created().at(-1) as RotatedBox;

describe("rotated box tool", () => {
  beforeEach(() => editor.setTool("rotated"));

  it("draws an edge by two clicks and the width by a third", () => {
    hand.click(40, 40);
    hand.click(100, 100);
    hand.move(60, 100);
    expect(editor.previews[0]?.geometry.type).toBe("rotated_box");
    hand.click(40, 100);
    const { cx, cy, w, h, angle } = only();
    expect([cx, cy]).toEqual([expect.closeTo(55, 9), expect.closeTo(85, 9)]);
    expect([w, h]).toEqual([expect.closeTo(60 * Math.SQRT2, 9), expect.closeTo(30 * Math.SQRT2, 9)]);
    expect(angle).toBeCloseTo(Math.PI / 4, 12);
    expect(editor.activeTool.busy).toBe(false);
  });

  it("draws the edge by dragging; Shift snaps it", () => {
    hand.drag([20, 20], [120, 24], { shift: true });
    hand.click(50, 60);
    expect(only().angle).toBeCloseTo(0, 12);
    expect(only().h).toBeCloseTo(40, 9);
  });

  it("takes back point by point, and gives up", () => {
    hand.click(40, 40);
    hand.click(100, 100);
    editor.undo();
    hand.click(100, 40);
    editor.undo();
    editor.undo();
    expect(editor.activeTool.busy).toBe(false);
    hand.click(40, 40);
    hand.click(41, 41);
    editor.cancel();
    expect(hand.created()).toEqual([]);
    expect(editor.previews).toEqual([]);
  });
});

describe("a selected rotated box", () => {
  const box: RotatedBox = { type: "rotated_box", cx: 80, cy: 80, w: 60, h: 40, angle: 0 };
  const now = (): RotatedBox => editor.get(id)?.geometry as RotatedBox;
  let id = "";

  beforeEach(() => {
    ({ id } = editor.add(box, "cat"));
    editor.select([id]);
    editor.zoom(2 / editor.camera.scale);
    editor.pan(-editor.camera.tx, -editor.camera.ty);
  });

  it("turns at its round handle, snapped with Shift", () => {
    hand.drag([80, 47], [120, 80]);
    expect(now()).toEqual({ ...box, angle: expect.closeTo(Math.PI / 2, 9) as number });
    editor.undo();
    hand.drag([80, 47], [119, 78], { shift: true });
    expect(now().angle).toBeCloseTo(Math.PI / 2, 12);
  });

  it("is resized at sides and corners; a press alone changes nothing", () => {
    hand.drag([110, 80], [120, 90]);
    expect(now()).toEqual({ ...box, w: 70, cx: 85 });
    editor.undo();
    hand.drag([110, 100], [130, 110]);
    expect(now()).toEqual({ ...box, w: 80, h: 50, cx: 90, cy: 85 });
    editor.undo();
    const steps = hand.sets.length;
    hand.click(111, 99);
    expect(hand.sets).toHaveLength(steps);
  });

  it("is turned, grown and moved by keys", () => {
    editor.turn(15);
    editor.turn(15);
    expect(now().angle).toBeCloseTo(Math.PI / 6, 12);
    editor.undo();
    expect(now()).toEqual(box);
    editor.grow(10, 0);
    expect(now()).toEqual({ ...box, w: 70, cx: 85 });
    editor.nudge(1, 2);
    expect(now()).toEqual({ ...box, w: 70, cx: 86, cy: 82 });
    editor.select([]);
    expect(editor.turn(1)).toBe(false);
  });
});

describe("box by extreme points", () => {
  beforeEach(() => {
    editor.setTool("box");
    editor.setBoxWay("extremes");
  });

  it("holds its four points, in any order", () => {
    hand.click(50, 90);
    hand.click(30, 50);
    hand.click(90, 60);
    hand.click(60, 20);
    expect(hand.created()).toEqual([{ type: "box", x0: 30, y0: 20, x1: 90, y1: 90 }]);
    expect(editor.activeTool.busy).toBe(false);
  });

  it("takes points back and sets them again", () => {
    hand.click(50, 90);
    hand.click(30, 50);
    editor.undo();
    editor.redo();
    hand.click(90, 60);
    editor.removeSelection();
    hand.click(80, 60);
    hand.click(60, 20);
    expect(hand.created()).toEqual([{ type: "box", x0: 30, y0: 20, x1: 80, y1: 90 }]);
  });

  it("goes back to corners with the switch, which gives up what was begun", () => {
    hand.click(50, 90);
    editor.switchBoxWay();
    hand.drag([10, 10], [30, 30]);
    expect(hand.created()).toEqual([{ type: "box", x0: 10, y0: 10, x1: 30, y1: 30 }]);
  });
});
