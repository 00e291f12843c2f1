import { beforeEach, describe, expect, it } from "vitest";

import { paint } from "../colours.fixture";
import { Document } from "../document";
import type { Editor } from "../editor";
import { maskArea, maskContains } from "../geometry/mask";
import { ringArea } from "../geometry/shape";
import type { Geometry, Mask } from "../geometry/types";
import { painted } from "../samples.fixture";
import { changeSet, edited } from "../store/changes";
import { Hand } from "./hand.fixture";

const PICTURE = { width: 200, height: 150 };
/** Two squares of nearly one colour on a dark ground, 20 pixels apart. */
const inSquare = (x: number, y: number, left: number): boolean => x >= left && x < left + 40 && y >= 30 && y < 70;
const grey = (x: number, y: number): number =>
  inSquare(x, y, 20) ? 200 : inSquare(x, y, 80) ? 210 : y < 140 ? 20 : 60;

let hand: Hand;
let editor: Editor;
const shapes = (): Geometry[] => (editor.document?.store.all() ?? []).map(({ geometry }) => geometry);
const area = (): number => maskArea(shapes()[0] as Mask);

beforeEach(() => {
  hand = new Hand();
  ({ editor } = hand);
  paint(editor, painted(PICTURE, grey));
  editor.setTool("wand");
});

describe("the magic wand", () => {
  it("takes an area of one colour by a click, as one step", () => {
    hand.click(30, 40);
    expect(area()).toBe(1600);
    expect(maskContains(shapes()[0] as Mask, 20, 30)).toBe(true);
    expect(hand.sets).toHaveLength(1);
    expect(editor.inked).toBeNull();
    hand.click(90, 40);
    expect(shapes()).toHaveLength(2);
    editor.undo();
    editor.undo();
    expect(shapes()).toEqual([]);
    editor.redo();
    expect(area()).toBe(1600);
  });

  it("adds with Shift and takes with Alt, from the shape under the pointer where none is selected", () => {
    hand.click(30, 40);
    hand.click(90, 40, { shift: true });
    expect(area()).toBe(3200);
    hand.click(30, 40, { alt: true });
    expect(area()).toBe(1600);
    expect(editor.finish()).toBe(true);
    hand.click(90, 40, { alt: true });
    expect(shapes()).toEqual([]);
    editor.undo();
    expect(area()).toBe(1600);
    editor.setWand({ way: "add" });
    hand.click(30, 40);
    expect(area()).toBe(3200);
  });

  it("lets more colours in while it is dragged to the right, and gives it up with Escape", () => {
    hand.down(100, 20);
    hand.move(110, 20);
    const { tolerance } = editor.wand;
    expect(tolerance).toBeGreaterThan(24);
    hand.move(130, 20);
    expect(editor.wand.tolerance).toBeGreaterThan(tolerance);
    hand.up(130, 20);
    expect(area()).toBe(200 * 150 - 3200);
    editor.undo();
    editor.setColours(24);
    hand.down(100, 20);
    hand.move(180, 20);
    editor.cancel();
    expect(editor.wand.tolerance).toBe(24);
    expect(shapes()).toEqual([]);
  });

  it("tries the last press again by keys, until something else was done", () => {
    hand.click(100, 20);
    const first = area();
    for (let i = 0; i < 6; i++) expect(editor.sizeTool(1)).toBe(true);
    expect(area()).toBe(first + 2000);
    expect(shapes()).toHaveLength(1);
    editor.undo();
    expect(area()).toBe(first);
    editor.sizeTool(1);
    expect(area()).toBe(first);
  });

  it("makes polygons along the edges, also of a selected polygon and more", () => {
    editor.setWand({ shape: "polygon" });
    hand.click(30, 40);
    const [square] = shapes();
    expect(square).toMatchObject({ type: "polygon" });
    const rings = square?.type === "polygon" ? square.rings : [];
    expect(rings).toHaveLength(1);
    expect(rings[0]).toHaveLength(4);
    expect(ringArea(rings[0] ?? [])).toBe(1600);
    editor.setWand({ shape: "mask" });
    hand.click(90, 40, { shift: true });
    expect(shapes()).toMatchObject([{ type: "polygon", rings: [{ length: 4 }, { length: 4 }] }]);
  });

  it("leaves locked shapes alone, and says where there is no picture yet", () => {
    hand.click(30, 40);
    editor.toggleAllLocked();
    hand.click(30, 40, { alt: true });
    expect(area()).toBe(1600);
    const refused: string[] = [];
    editor.on("refused", (why) => refused.push(why));
    paint(editor, null);
    hand.click(30, 40);
    expect(refused).toEqual(["no colours"]);
    hand.click(-5, 40);
    expect(shapes()).toHaveLength(1);
  });

  it("gives whole image pixels where only a smaller copy of the picture is here", () => {
    paint(
      editor,
      painted({ width: 100, height: 75 }, (x, y) => grey(2 * x, 2 * y), 2),
    );
    hand.click(30, 40);
    expect(area()).toBe(1600);
  });

  it("does in turn what comes before the answer to a press, and gives it up with undo or Escape", () => {
    const answer = paint(editor, painted(PICTURE, grey), true);
    hand.click(30, 40);
    hand.click(90, 40, { shift: true });
    expect(editor.finish()).toBe(true);
    expect(shapes()).toEqual([]);
    answer();
    expect(area()).toBe(1600);
    expect(editor.inked).toBeNull();
    answer();
    expect(area()).toBe(3200);
    expect(editor.selected.size).toBe(0);
    for (const stop of [() => editor.undo(), () => editor.cancel(), () => editor.giveUp()]) {
      hand.click(100, 20);
      stop();
      answer();
      expect(area()).toBe(3200);
      expect(editor.activeTool.busy).toBe(false);
    }
  });

  it("finishes what was pressed also when another tool is in the hand by then", () => {
    const refused: string[] = [];
    editor.on("refused", (why) => refused.push(why));
    const answer = paint(editor, painted(PICTURE, grey), true);
    hand.click(30, 40);
    hand.click(90, 40);
    editor.setTool("box");
    expect(editor.inked).toBeNull();
    hand.drag([100, 80], [140, 120]);
    answer();
    answer();
    expect(shapes().map(({ type }) => type)).toEqual(["box", "mask", "mask"]);
    editor.setTool("wand");
    hand.click(100, 20);
    expect(editor.activeTool.busy).toBe(true);
    editor.setTool("polygon");
    hand.click(10, 10);
    editor.cancel();
    editor.setTool("wand");
    answer();
    expect(shapes()).toHaveLength(4);
    hand.click(30, 40);
    editor.setTool("select");
    editor.undo();
    answer();
    expect([shapes().length, refused]).toEqual([4, []]);
  });

  it("says that a press is lost where it cannot be finished", () => {
    const refused: string[] = [];
    editor.on("refused", (why) => refused.push(why));
    const answer = paint(editor, painted(PICTURE, grey), true);
    hand.click(30, 40);
    editor.setTool("scissors");
    editor.setTool("wand");
    hand.click(30, 40);
    editor.setTool("select");
    editor.open(new Document("other", PICTURE, []));
    answer();
    expect(shapes()).toEqual([]);
    expect(refused).toEqual(["press lost", "press lost"]);
    expect(editor.giveUp()).toBe(false);
  });

  it("leaves a shape alone that somebody else has changed meanwhile", () => {
    hand.click(30, 40);
    const answer = paint(editor, painted(PICTURE, grey), true);
    hand.click(90, 40, { shift: true });
    const [one] = editor.document?.store.all() ?? [];
    if (!one || !editor.document) throw new Error("there is a shape");
    const box = { type: "box", x0: 0, y0: 0, x1: 9, y1: 9 } as const;
    editor.document.store.apply(changeSet("remote", [edited(one, { geometry: box })]));
    answer();
    expect(shapes()).toEqual([box]);
  });
});
