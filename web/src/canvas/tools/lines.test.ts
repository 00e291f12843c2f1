import { describe, expect, it } from "vitest";

import { boundsOf } from "../geometry/shape";
import type { Geometry, Point } from "../geometry/types";
import { drawn } from "../store/changes";
import { Hand } from "./hand.fixture";

const LINE: readonly Point[] = [[20, 20], [60, 20], [60, 60]]; // prettier-ignore
const holding = (geometry: Geometry): Hand => {
  const hand = new Hand([{ ...drawn(geometry, "cat"), id: "s" }]);
  hand.editor.select(["s"]);
  return hand;
};
const shape = (hand: Hand): Geometry | undefined => hand.editor.get("s")?.geometry;

describe("the ellipse tool", () => {
  it("draws the ellipse in a box, and with Shift a circle", () => {
    const hand = new Hand();
    hand.editor.setTool("ellipse");
    hand.drag([20, 30], [60, 50]);
    hand.click(100, 20);
    hand.click(120, 50, { shift: true });
    hand.drag([10, 10], [10.2, 10.2]);
    expect(hand.created()).toEqual([
      { type: "ellipse", cx: 40, cy: 40, rx: 20, ry: 10, angle: 0 },
      { type: "ellipse", cx: 115, cy: 35, rx: 15, ry: 15, angle: 0 },
    ]);
  });

  it("leaves what can be resized, turned, moved and nudged", () => {
    const hand = holding({ type: "ellipse", cx: 60, cy: 60, rx: 20, ry: 10, angle: 0 });
    hand.drag([80, 60], [90, 60]);
    expect(shape(hand)).toEqual({ type: "ellipse", cx: 65, cy: 60, rx: 25, ry: 10, angle: 0 });
    hand.drag([65, 60 - 10 - 13], [105, 60]);
    expect(shape(hand)).toMatchObject({ cx: 65, cy: 60, rx: 25, ry: 10, angle: Math.PI / 2 });
    hand.editor.turn(-90);
    hand.drag([65, 60], [70, 65]);
    hand.editor.nudge(0, 1);
    expect(shape(hand)).toMatchObject({ cx: 70, cy: 66, rx: 25, ry: 10, angle: 0 });
    hand.editor.select([]);
    hand.click(94, 75);
    expect(hand.editor.selected.size).toBe(0);
  });

  it("becomes a polygon of the same bounds", () => {
    const hand = holding({ type: "ellipse", cx: 60, cy: 60, rx: 20, ry: 10, angle: 0.3 });
    const before = boundsOf(shape(hand) as Geometry);
    hand.editor.convert();
    expect(shape(hand)?.type).toBe("polygon");
    boundsOf(shape(hand) as Geometry).forEach((edge, i) => expect(Math.abs(edge - (before[i] ?? 0))).toBeLessThan(0.2));
  });
});

describe("the polyline tool", () => {
  it("sets points until Enter or a double click; the first point is one like the others", () => {
    const hand = new Hand();
    hand.editor.setTool("polyline");
    for (const [x, y] of LINE) hand.click(x, y);
    hand.click(20, 20);
    hand.editor.undo();
    hand.editor.redo();
    expect(hand.created()).toEqual([]);
    expect(hand.editor.finish()).toBe(true);
    hand.click(100, 100);
    hand.click(120, 100);
    hand.click(120, 100);
    expect(hand.created()).toEqual([
      { type: "polyline", points: [...LINE, [20, 20]] },
      { type: "polyline", points: [[100, 100], [120, 100]] }, // prettier-ignore
    ]);
  });

  it("makes nothing of one point", () => {
    const hand = new Hand();
    hand.editor.setTool("polyline");
    hand.click(20, 20);
    hand.editor.finish();
    expect(hand.created()).toEqual([]);
  });

  it("is hit at its line only, and its corners are dragged, added and taken away", () => {
    const hand = holding({ type: "polyline", points: LINE });
    hand.editor.select([]);
    hand.click(40, 40);
    expect(hand.editor.selected.size).toBe(0);
    hand.click(45, 20);
    expect([...hand.editor.selected]).toEqual(["s"]);
    hand.drag([60, 60], [60, 80]);
    hand.drag([40, 20], [40, 10]);
    expect(shape(hand)).toEqual({ type: "polyline", points: [[20, 20], [40, 10], [60, 20], [60, 80]] }); // prettier-ignore
    for (const at of [0, 0, 0]) {
      hand.editor.selectVertex({ ring: 0, index: at });
      hand.editor.removeSelection();
    }
    expect(shape(hand)).toEqual({ type: "polyline", points: [[60, 20], [60, 80]] }); // prettier-ignore
    hand.editor.selectVertex({ ring: 0, index: 1 });
    expect(hand.editor.splitEdge()).toBe(false);
    hand.editor.selectVertex({ ring: 0, index: 0 });
    expect(hand.editor.splitEdge()).toBe(true);
    expect(shape(hand)).toMatchObject({ points: [[60, 20], [60, 50], [60, 80]] }); // prettier-ignore
  });
});

describe("the point tool", () => {
  it("sets a point where the press ends, in the picture", () => {
    const hand = new Hand();
    hand.editor.setTool("point");
    hand.click(30, 40);
    hand.drag([10, 10], [250, 20]);
    expect(hand.created()).toEqual([
      { type: "points", points: [[30, 40]] },
      { type: "points", points: [[200, 20]] },
    ]);
  });

  it("is taken as a whole, before the box below it, and deleted", () => {
    const hand = new Hand([
      { ...drawn({ type: "box", x0: 10, y0: 10, x1: 90, y1: 90 }, "cat"), id: "b" },
      { ...drawn({ type: "points", points: [[50, 50]] }, "cat"), id: "s" },
    ]);
    hand.click(52, 52);
    expect([...hand.editor.selected]).toEqual(["s"]);
    hand.drag([50, 50], [60, 70]);
    expect(shape(hand)).toEqual({ type: "points", points: [[60, 70]] });
    expect(hand.editor.cycleVertex(1)).toBe(false);
    hand.editor.removeSelection();
    expect(shape(hand)).toBeUndefined();
    hand.editor.undo();
    expect(shape(hand)).toEqual({ type: "points", points: [[60, 70]] });
  });
});

describe("the measuring tool", () => {
  it("tells length, sides and angle, and stores nothing", () => {
    const hand = new Hand();
    const told = (): (string | undefined)[] => hand.editor.previews.map(({ text }) => text);
    hand.editor.setTool("measure");
    hand.drag([20, 60], [60, 30]);
    expect(told()).toEqual(["50.0 px (40.0 × 30.0, 36.9°)"]);
    hand.move(100, 100);
    expect(told()).toEqual(["50.0 px (40.0 × 30.0, 36.9°)"]);
    hand.click(10, 10);
    hand.move(40, 11, { shift: true });
    expect(told()).toEqual(["30.0 px (30.0 × 0.0, 0.0°)"]);
    hand.click(10, 50);
    expect(told()).toEqual(["40.0 px (0.0 × 40.0, −90.0°)"]);
    hand.editor.setTool("select");
    expect(told()).toEqual([]);
    expect(hand.sets).toEqual([]);
  });
});
