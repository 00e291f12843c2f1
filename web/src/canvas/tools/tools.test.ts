import { beforeEach, describe, expect, it } from "vitest";

import { Document } from "../document";
import { Editor } from "../editor";
import type { Box, Geometry, Point } from "../geometry/types";
import { drawn } from "../store/changes";
import type { Annotation, ChangeSet } from "../store/changes";
import type { PointerInput } from "./tool";

/** An editor at scale 2 whose picture begins at the view's corner: screen 2, 2 is image 1, 1. */
let editor: Editor;
let sets: ChangeSet[];
let unclassed: Geometry[];

const make = (id: string, x0: number, y0: number, x1: number, y1: number): Annotation => ({
  ...drawn({ type: "box", x0, y0, x1, y1 }, "cat"),
  id,
});

beforeEach(() => {
  editor = new Editor();
  editor.setView({ width: 400, height: 300 });
  editor.open(
    new Document("picture", { width: 200, height: 150 }, [make("a", 20, 20, 60, 60), make("b", 100, 20, 140, 60)]),
  );
  editor.zoom(2 / editor.camera.scale);
  editor.pan(-editor.camera.tx, -editor.camera.ty);
  sets = [];
  unclassed = [];
  editor.on("change", (set) => sets.push(set));
  editor.on("unclassed", (geometry) => unclassed.push(geometry));
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
const down = (x: number, y: number, keys?: Partial<PointerInput>) => editor.activeTool.down(input([x, y], keys));
const move = (x: number, y: number, keys?: Partial<PointerInput>) => editor.activeTool.move(input([x, y], keys));
const up = (x: number, y: number, keys?: Partial<PointerInput>) => editor.activeTool.up(input([x, y], keys));
const drag = (from: Point, to: Point, keys?: Partial<PointerInput>) => {
  down(...from, keys);
  move((from[0] + to[0]) / 2, (from[1] + to[1]) / 2, keys);
  move(...to, keys);
  up(...to, keys);
};
const click = (x: number, y: number, keys?: Partial<PointerInput>) => {
  down(x, y, keys);
  up(x, y, keys);
};
const boxAt = (id: string): number[] => {
  const { x0, y0, x1, y1 } = editor.get(id)?.geometry as Box;
  return [x0, y0, x1, y1];
};
const created = (): Box[] =>
  sets.flatMap(({ changes }) => changes.flatMap((c) => (c.op === "create" ? [c.annotation.geometry as Box] : [])));

describe("box tool", () => {
  beforeEach(() => editor.setTool("box"));

  it("draws by dragging, in any direction, clamped to the picture", () => {
    drag([180, 140], [150, 100]);
    drag([150, 100], [999, 999]);
    expect(created()).toEqual([
      { type: "box", x0: 150, y0: 100, x1: 180, y1: 140 },
      { type: "box", x0: 150, y0: 100, x1: 200, y1: 150 },
    ]);
  });

  it("draws by two clicks and shows the box in between", () => {
    click(10, 10);
    move(30, 40);
    expect(editor.previews).toHaveLength(1);
    click(30, 40);
    expect(created()).toEqual([{ type: "box", x0: 10, y0: 10, x1: 30, y1: 40 }]);
    expect(editor.previews).toHaveLength(0);
  });

  it("drops accidental clicks and trembling", () => {
    click(10, 10);
    click(10, 10);
    down(50, 50);
    move(50.5, 50.5);
    up(50.5, 50.5);
    editor.cancel();
    expect(sets).toEqual([]);
    expect(editor.activeTool.busy).toBe(false);
  });

  it("is given up by Escape at any moment", () => {
    down(10, 10);
    move(50, 50);
    editor.cancel();
    up(50, 50);
    expect(sets).toEqual([]);
    expect(editor.previews).toEqual([]);
  });

  it("draws a square with Shift, inside the picture", () => {
    drag([150, 100], [199, 120], { shift: true });
    expect(created()).toEqual([{ type: "box", x0: 150, y0: 100, x1: 199, y1: 149 }]);
    sets = [];
    drag([150, 100], [200, 120], { shift: true });
    expect(created()).toEqual([{ type: "box", x0: 150, y0: 100, x1: 200, y1: 150 }]);
  });

  it("asks for a class when there is none, and keeps the box until then", () => {
    editor.setClass(null);
    drag([10, 10], [30, 30]);
    expect(sets).toEqual([]);
    expect(unclassed).toEqual([{ type: "box", x0: 10, y0: 10, x1: 30, y1: 30 }]);
  });
});

describe("select tool", () => {
  it("selects with a click, clears with a click beside, adds with Shift", () => {
    click(40, 40);
    expect([...editor.selected]).toEqual(["a"]);
    click(120, 40, { shift: true });
    expect([...editor.selected]).toEqual(["a", "b"]);
    click(40, 40, { shift: true });
    expect([...editor.selected]).toEqual(["b"]);
    click(80, 100);
    expect([...editor.selected]).toEqual([]);
  });

  it("moves what it drags, as one step, clamped to the picture", () => {
    drag([40, 40], [50, 45]);
    expect(boxAt("a")).toEqual([30, 25, 70, 65]);
    drag([50, 45], [-500, 45]);
    expect(boxAt("a")).toEqual([0, 25, 40, 65]);
    editor.undo();
    editor.undo();
    expect(boxAt("a")).toEqual([20, 20, 60, 60]);
    editor.redo();
    expect(boxAt("a")).toEqual([30, 25, 70, 65]);
  });

  it("moves a group together and stops at the border as a group", () => {
    click(40, 40);
    click(120, 40, { shift: true });
    drag([40, 40], [240, 40]);
    expect(boxAt("a")).toEqual([80, 20, 120, 60]);
    expect(boxAt("b")).toEqual([160, 20, 200, 60]);
    expect(sets).toHaveLength(1);
  });

  it("resizes at a handle, through the opposite side", () => {
    click(40, 40);
    drag([60, 60], [80, 90]);
    expect(boxAt("a")).toEqual([20, 20, 80, 90]);
    drag([80, 90], [10, 5]);
    expect(boxAt("a")).toEqual([10, 5, 20, 20]);
  });

  it("leaves no trace of a drag that was given up, nor of a press without a move", () => {
    down(40, 40);
    move(70, 70);
    expect(editor.previews).toHaveLength(1);
    editor.cancel();
    up(70, 70);
    click(40, 40);
    click(60, 60);
    expect(sets).toEqual([]);
    expect(boxAt("a")).toEqual([20, 20, 60, 60]);
  });

  it("moves the view when nothing or nothing movable is under the pointer", () => {
    const before = editor.camera.tx;
    drag([80, 100], [75, 100]);
    expect(editor.camera.tx).toBe(before - 10);
    expect(sets).toEqual([]);
  });

  it("shows what is under the pointer, and the cursor that fits", () => {
    const cursors: string[] = [];
    editor.on("cursor", (name) => cursors.push(name));
    move(40, 40);
    expect(editor.state.hovered).toBe("a");
    click(40, 40);
    move(60, 60);
    move(80, 120);
    expect(editor.state.hovered).toBeNull();
    expect(cursors).toContain("pointer");
    expect(cursors).toContain("nwse-resize");
    expect(cursors.at(-1)).toBe("default");
  });

  it("goes on when the shape under the hand is removed by somebody else", () => {
    down(40, 40);
    move(60, 60);
    const annotation = editor.get("a");
    if (annotation)
      editor.document?.store.apply({ id: "x", origin: "remote", changes: [{ op: "delete", annotation }] });
    up(60, 60);
    expect(editor.get("a")).toBeUndefined();
    expect(editor.selected.size).toBe(0);
  });
});

describe("pan tool", () => {
  it("moves the picture with the pointer while it is pressed", () => {
    editor.setTool("pan");
    const before = editor.camera;
    editor.activeTool.move(input([10, 10]));
    editor.activeTool.down({ ...input([0, 0]), screen: [100, 100] });
    editor.activeTool.up({ ...input([0, 0]), screen: [90, 95] });
    expect(editor.camera).toEqual({ ...before, tx: before.tx - 10, ty: before.ty - 5 });
    expect(editor.activeTool.busy).toBe(false);
  });
});

describe("editor commands", () => {
  it("nudges by image pixels, a row of them as one step of undo", () => {
    click(40, 40);
    editor.nudge(1, 0);
    editor.nudge(10, 0);
    expect(boxAt("a")).toEqual([31, 20, 71, 60]);
    editor.undo();
    expect(boxAt("a")).toEqual([20, 20, 60, 60]);
  });

  it("grows by the keyboard but never below one pixel", () => {
    click(40, 40);
    editor.grow(5, -100);
    expect(boxAt("a")).toEqual([20, 20, 65, 21]);
  });

  it("duplicates beside, relabels, removes", () => {
    click(40, 40);
    editor.duplicate();
    const [copy] = editor.selected;
    expect(copy).not.toBe("a");
    expect(boxAt(copy ?? "")).toEqual([30, 30, 70, 70]);
    editor.relabel(editor.selected, "dog");
    expect(editor.get(copy ?? "")?.class_id).toBe("dog");
    editor.remove(editor.selected);
    expect(editor.selected.size).toBe(0);
    expect(editor.document?.store.size).toBe(2);
  });

  it("cycles through the shapes from the top left, both ways, and lets go at the end", () => {
    editor.cycle(1);
    expect(editor.cycle(1)).toBe(true);
    expect([...editor.selected]).toEqual(["b"]);
    expect(editor.cycle(1)).toBe(false);
    expect([...editor.selected]).toEqual([]);
    editor.cycle(-1);
    expect([...editor.selected]).toEqual(["b"]);
  });

  it("hides one shape or all, and nothing hidden can be touched", () => {
    editor.toggleHidden(["a"]);
    expect(editor.hits(input([40, 40]))).toEqual([]);
    editor.toggleHidden(["a"]);
    editor.toggleAllHidden();
    expect(editor.hits(input([120, 40]))).toEqual([]);
  });

  it("keeps tool and class from picture to picture, and the steps of each", () => {
    const first = editor.document;
    editor.setTool("box");
    drag([10, 10], [30, 30]);
    editor.open(new Document("other", { width: 50, height: 50 }));
    expect(editor.state).toMatchObject({ documentId: "other", tool: "box", classId: "cat", canUndo: false });
    editor.open(first);
    expect(editor.state.canUndo).toBe(true);
    editor.undo();
    expect(first?.store.size).toBe(2);
  });
});
