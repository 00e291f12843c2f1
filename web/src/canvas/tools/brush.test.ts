import { beforeEach, describe, expect, it } from "vitest";

import type { Editor } from "../editor";
import { maskArea, maskContains } from "../geometry/mask";
import type { Mask } from "../geometry/types";
import { Hand } from "./hand.fixture";

let hand: Hand;
let editor: Editor;
const masks = (): Mask[] => (editor.document?.store.all() ?? []).map(({ geometry }) => geometry as Mask);

beforeEach(() => {
  hand = new Hand();
  ({ editor } = hand);
  editor.setTool("brush");
  editor.setBrush(10);
});

describe("brush", () => {
  it("paints a new mask, goes on with it, and undoes stroke by stroke", () => {
    hand.drag([20, 20], [60, 20]);
    expect(masks()).toHaveLength(1);
    const [first] = masks();
    expect(first && maskContains(first, 40, 20)).toBe(true);
    hand.drag([20, 50], [60, 50]);
    expect(masks()).toHaveLength(1);
    expect(maskContains(masks()[0] as Mask, 40, 50)).toBe(true);
    editor.undo();
    expect(masks()).toEqual([first]);
    editor.undo();
    expect(masks()).toEqual([]);
    editor.redo();
    editor.redo();
    expect(maskArea(masks()[0] as Mask)).toBeGreaterThan(maskArea(first as Mask));
    hand.click(100, 100);
    expect(masks()).toHaveLength(1);
  });

  it("begins another mask after Enter; Alt and a click take one up again", () => {
    hand.drag([20, 20], [60, 20]);
    expect(editor.finish()).toBe(true);
    hand.drag([20, 60], [60, 60]);
    expect(masks()).toHaveLength(2);
    hand.click(40, 20, { alt: true });
    hand.click(40, 30);
    expect(masks()).toHaveLength(2);
    expect(maskContains(masks()[0] as Mask, 40, 32)).toBe(true);
  });

  it("wipes with Shift or as an eraser, and deletes what is wiped out", () => {
    hand.drag([20, 20], [60, 20]);
    const before = maskArea(masks()[0] as Mask);
    hand.click(40, 20, { shift: true });
    expect(maskArea(masks()[0] as Mask)).toBeLessThan(before);
    editor.setTool("select");
    editor.select([]);
    editor.setTool("eraser");
    hand.click(100, 100);
    editor.setBrush(100);
    hand.click(30, 20);
    expect(masks()).toEqual([]);
    editor.undo();
    expect(masks()).toHaveLength(1);
  });

  it("shows what changed while it paints, and takes it back when it is given up", () => {
    const dirty: unknown[] = [];
    editor.on("ink", (bounds) => dirty.push(bounds));
    hand.down(50, 50);
    hand.move(60, 50);
    expect(dirty).toEqual([
      [45, 45, 55, 55],
      [45, 45, 65, 55],
    ]);
    expect(editor.inked?.pixels.column(60)).toEqual([45, 55]);
    editor.cancel();
    expect(dirty.at(-1)).toEqual([45, 45, 65, 55]);
    expect(editor.inked).toBeNull();
    hand.up(60, 50);
    expect(masks()).toEqual([]);
  });

  it("gets wider and narrower, and only while it is in the hand", () => {
    editor.sizeBrush(1);
    expect(editor.state.brush).toBe(12);
    editor.setBrush(1);
    editor.sizeBrush(-1);
    expect(editor.state.brush).toBe(1);
    editor.setTool("select");
    expect(editor.sizeBrush(1)).toBe(false);
  });

  it("asks for a class when there is none", () => {
    const asked: string[] = [];
    editor.on("unclassed", ({ type }) => asked.push(type));
    editor.setClass(null);
    hand.click(50, 50);
    expect(asked).toEqual(["mask"]);
    expect(masks()).toEqual([]);
  });

  it("edits a mask over a picture of 12 megapixels within 2 ms of processor time an event", () => {
    const [width, height] = [4000, 3000];
    // Stripes: 1500 runs a column would be noise; 40 are a hard case of real life.
    const counts = Array.from({ length: width * 80 }, () => height / 80);
    const big = new Hand([], { width, height });
    const { id } = big.editor.add({ type: "mask", width, height, counts: [...counts] }, "cat");
    big.editor.select([id]);
    big.editor.setTool("brush");
    big.editor.setBrush(60);
    big.down(500, 500);
    const before = process.cpuUsage();
    for (let i = 1; i <= 200; i++) big.move(500 + 10 * i, 500 + 5 * i);
    const each = process.cpuUsage(before).user / 1000 / 200;
    big.up(2500, 1500);
    expect(maskContains(big.editor.get(id)?.geometry as Mask, 1500, 1010)).toBe(true);
    expect(each).toBeLessThan(2);
  });
});
