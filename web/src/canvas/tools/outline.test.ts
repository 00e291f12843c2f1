import { beforeEach, describe, expect, it } from "vitest";

import { Document } from "../document";
import { Editor } from "../editor";
import type { Point, Polygon } from "../geometry/types";
import { drawn } from "../store/changes";
import type { ChangeSet } from "../store/changes";
import type { PointerInput } from "./tool";

/** An editor at scale 2 whose picture begins at the view's corner: screen 2, 2 is image 1, 1. */
let editor: Editor;
let sets: ChangeSet[];

const SQUARE: readonly Point[] = [[20, 20], [80, 20], [80, 80], [20, 80]]; // prettier-ignore
const HOLE: readonly Point[] = [[40, 40], [60, 40], [60, 60]]; // prettier-ignore

beforeEach(() => {
  editor = new Editor();
  editor.setView({ width: 400, height: 300 });
  const shape = drawn({ type: "polygon", rings: [SQUARE, HOLE] }, "cat");
  editor.open(new Document("picture", { width: 200, height: 150 }, [{ ...shape, id: "p" }]));
  editor.zoom(2 / editor.camera.scale);
  editor.pan(-editor.camera.tx, -editor.camera.ty);
  sets = [];
  editor.on("change", (set) => sets.push(set));
  editor.setClass("cat");
});

const input = (image: Point, keys: Partial<PointerInput> = {}): PointerInput => ({
  screen: [image[0] * 2, image[1] * 2],
  image,
  shift: false,
  alt: false,
  touch: false,
  ...keys,
});
const down = (at: Point, keys?: Partial<PointerInput>) => editor.activeTool.down(input(at, keys));
const move = (at: Point, keys?: Partial<PointerInput>) => editor.activeTool.move(input(at, keys));
const up = (at: Point, keys?: Partial<PointerInput>) => editor.activeTool.up(input(at, keys));
const click = (at: Point, keys?: Partial<PointerInput>) => {
  move(at, keys);
  down(at, keys);
  up(at, keys);
};
const drag = (from: Point, to: Point, keys?: Partial<PointerInput>) => {
  down(from, keys);
  move([(from[0] + to[0]) / 2, (from[1] + to[1]) / 2], keys);
  move(to, keys);
  up(to, keys);
};
const rings = (id = "p") => (editor.get(id)?.geometry as Polygon).rings;
const created = () =>
  sets.flatMap(({ changes }) => changes.flatMap((c) => (c.op === "create" ? [c.annotation.geometry as Polygon] : [])));

describe("polygon tool", () => {
  beforeEach(() => editor.setTool("polygon"));
  const corners: readonly Point[] = [[100, 20], [150, 20], [150, 90]]; // prettier-ignore

  it("sets a vertex with each click and closes on the first one", () => {
    for (const at of corners) click(at);
    expect(editor.state.drawing).toBe(3);
    expect(editor.previews[0]?.points).toEqual(corners);
    click([100.5, 20.5]);
    expect(created()).toEqual([{ type: "polygon", rings: [corners] }]);
    expect(editor.state.drawing).toBe(0);
    expect(editor.previews).toEqual([]);
    expect(sets).toHaveLength(1);
  });

  it("closes with a double click on the last vertex, and with Enter", () => {
    for (const at of corners) click(at);
    click([150, 90]);
    for (const at of corners) click(at);
    expect(editor.finish()).toBe(true);
    expect(created()).toEqual([
      { type: "polygon", rings: [corners] },
      { type: "polygon", rings: [corners] },
    ]);
    expect(editor.finish()).toBe(false);
  });

  it("needs three vertices and an area", () => {
    click([100, 20]);
    click([100, 20]);
    click([150, 20]);
    expect(editor.finish()).toBe(true);
    click([175, 20]);
    editor.finish();
    expect(sets).toEqual([]);
    expect(editor.state.drawing).toBe(3);
    click([150, 90]);
    editor.finish();
    expect(created()[0]?.rings[0]).toHaveLength(4);
  });

  it("takes vertices back and sets them again, and Escape takes all", () => {
    for (const at of corners) click(at);
    editor.undo();
    editor.removeSelection();
    expect(editor.state.drawing).toBe(1);
    editor.redo();
    editor.redo();
    expect(editor.previews[0]?.points).toEqual(corners);
    editor.undo();
    click([120, 90]);
    editor.redo();
    expect(editor.state.drawing).toBe(3);
    editor.cancel();
    expect(editor.state.drawing).toBe(0);
    expect(sets).toEqual([]);
    expect(editor.get("p")).toBeDefined();
  });

  it("stays in the picture and shows a line to the pointer", () => {
    click([150, 100]);
    move([999, 20]);
    expect(editor.previews[0]?.geometry).toMatchObject({ rings: [[[150, 100], [200, 20]]] }); // prettier-ignore
    click([999, 20]);
    click([999, 999]);
    editor.finish();
    expect(created()[0]?.rings).toEqual([[[150, 100], [200, 20], [200, 150]]]); // prettier-ignore
  });

  it("follows a dragged outline and closes where it began", () => {
    const round = Array.from({ length: 60 }, (_, i): Point => {
      const angle = (2 * Math.PI * i) / 60;
      return [140 + 40 * Math.cos(angle), 60 + 40 * Math.sin(angle)];
    });
    down([180, 60]);
    for (const at of round) move(at);
    up([180, 60]);
    expect(created()[0]?.rings[0]?.length).toBeGreaterThan(20);
    expect(editor.state.drawing).toBe(0);
  });

  it("goes on with clicks after a dragged line", () => {
    drag([100, 20], [150, 20]);
    click([150, 90]);
    editor.finish();
    expect(created()[0]?.rings[0]?.at(-1)).toEqual([150, 90]);
  });

  it("survives a second finger: only what the first one began is given up", () => {
    click([100, 20], { touch: true });
    click([150, 20], { touch: true });
    down([150, 90], { touch: true });
    move([150, 60], { touch: true });
    expect(editor.state.drawing).toBeGreaterThan(2);
    editor.interrupt();
    expect(editor.state.drawing).toBe(2);
    click([150, 90], { touch: true });
    click([104, 20], { touch: true });
    expect(created()).toEqual([{ type: "polygon", rings: [corners] }]);
  });

  it("takes a trembling finger for a tap", () => {
    down([100, 20], { touch: true });
    move([102, 22], { touch: true });
    up([102, 22], { touch: true });
    expect(editor.state.drawing).toBe(1);
  });
});

describe("vertices under the select tool", () => {
  const choose = () => click([30, 30]);

  it("are dragged, one step of undo each, and holes stay", () => {
    choose();
    drag([80, 80], [90, 95]);
    expect(rings()).toEqual([[[20, 20], [80, 20], [90, 95], [20, 80]], HOLE]); // prettier-ignore
    expect(editor.state.vertex).toEqual({ ring: 0, index: 2 });
    drag([60, 60], [55, 62]);
    expect(rings()[1]).toEqual([[40, 40], [60, 40], [55, 62]]); // prettier-ignore
    editor.undo();
    editor.undo();
    expect(rings()).toEqual([SQUARE, HOLE]);
    expect(sets).toHaveLength(4);
  });

  it("are made in the middle of an edge, by a click or a drag", () => {
    choose();
    drag([50, 20], [50, 5]);
    expect(rings()[0]).toEqual([[20, 20], [50, 5], [80, 20], [80, 80], [20, 80]]); // prettier-ignore
    click([80, 50]);
    expect(rings()[0]?.[3]).toEqual([80, 50]);
    expect(editor.state.vertex).toEqual({ ring: 0, index: 3 });
    expect(sets).toHaveLength(2);
    editor.undo();
    expect(rings()[0]).toHaveLength(5);
  });

  it("are taken away with Alt or Delete, but three stay", () => {
    choose();
    click([80, 80], { alt: true });
    expect(rings()[0]).toHaveLength(3);
    click([80, 20]);
    editor.removeSelection();
    click([20, 20], { alt: true });
    expect(rings()).toEqual([[[20, 20], [80, 20], [20, 80]], HOLE]); // prettier-ignore
    expect(editor.get("p")).toBeDefined();
    editor.selectVertex(null);
    editor.removeSelection();
    expect(editor.get("p")).toBeUndefined();
  });

  it("are reached, moved, added and taken away by keys", () => {
    choose();
    expect(editor.cycleVertex(1)).toBe(true);
    editor.nudge(-3, 0);
    editor.nudge(-1, -2);
    expect(rings()[0]?.[0]).toEqual([16, 18]);
    editor.cycleVertex(-1);
    expect(editor.state.vertex).toEqual({ ring: 1, index: 2 });
    editor.cycleVertex(1);
    editor.undo();
    expect(rings()[0]?.[0]).toEqual([20, 20]);
    editor.cycleVertex(1);
    expect(editor.splitEdge()).toBe(true);
    expect(rings()[0]?.[1]).toEqual([50, 20]);
    editor.removeSelection();
    expect(rings()[0]).toEqual(SQUARE);
    expect(editor.state.vertex).toEqual({ ring: 0, index: 0 });
  });

  it("leave no trace of a press without a move, nor of a drag that was given up", () => {
    choose();
    click([80, 80]);
    expect(editor.state.vertex).toEqual({ ring: 0, index: 2 });
    down([80, 80]);
    move([100, 100]);
    editor.cancel();
    up([100, 100]);
    expect(sets).toEqual([]);
    expect(editor.previews).toEqual([]);
  });

  it("are let go with the selection, and when somebody else takes them away", () => {
    choose();
    click([20, 80]);
    const annotation = editor.get("p");
    if (!annotation) throw new Error("it is there");
    const triangle = { type: "polygon", rings: [SQUARE.slice(0, 3)] } as const;
    const change = { op: "update", id: "p", before: {}, after: { geometry: triangle } } as const;
    editor.document?.store.apply({ id: "x", origin: "remote", changes: [change] });
    expect(editor.state.vertex).toBeNull();
    editor.cycleVertex(1);
    editor.select([]);
    expect(editor.state.vertex).toBeNull();
    expect(editor.cycleVertex(1)).toBe(false);
    expect(editor.splitEdge()).toBe(false);
  });

  it("do not hinder moving the whole, by hand and by keys", () => {
    drag([30, 30], [40, 35]);
    expect(rings()[0]?.[0]).toEqual([30, 25]);
    expect(rings()[1]?.[0]).toEqual([50, 45]);
    drag([40, 35], [-500, -500]);
    expect(rings()[0]?.[0]).toEqual([0, 0]);
    editor.nudge(5, 5);
    expect(rings()[0]?.[0]).toEqual([5, 5]);
    editor.duplicate();
    expect(editor.document?.store.size).toBe(2);
  });
});
