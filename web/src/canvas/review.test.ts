import * as fc from "fast-check";
import { beforeEach, describe, expect, it } from "vitest";

import { Document } from "./document";
import { Editor } from "./editor";
import { drawn } from "./store/changes";
import type { Annotation, ChangeSet } from "./store/changes";
import { beside, byPlace } from "./review";

const proposal = (id: string, x0: number, score: number, classId = "cat"): Annotation => ({
  ...drawn({ type: "box", x0, y0: 20, x1: x0 + 30, y1: 60 }, classId),
  id,
  source: "model",
  state: "proposal",
  score,
  model_id: "m",
});

let editor: Editor;
let sets: ChangeSet[];

beforeEach(() => {
  editor = new Editor();
  editor.setView({ width: 400, height: 300 });
  const own = { ...drawn({ type: "box", x0: 160, y0: 100, x1: 190, y1: 130 }, "cat"), id: "own" };
  editor.open(
    new Document("picture", { width: 200, height: 150 }, [
      proposal("a", 10, 0.9),
      proposal("b", 50, 0.4, "dog"),
      proposal("c", 100, 0.7),
      own,
    ]),
  );
  sets = [];
  editor.on("change", (set) => sets.push(set));
});

const state = (id: string) => editor.get(id)?.state;
const selected = () => [...editor.selected];

describe("proposals", () => {
  it("are accepted one by one, and the next one follows", () => {
    editor.cycleProposal(1);
    expect(selected()).toEqual(["a"]);
    expect(editor.accept()).toBe(true);
    expect(editor.get("a")).toMatchObject({ state: "accepted", source: "model", score: 0.9, model_id: "m" });
    expect(selected()).toEqual(["b"]);
    editor.removeSelection();
    expect(state("b")).toBeUndefined();
    expect(selected()).toEqual(["c"]);
    editor.reject();
    expect(selected()).toEqual([]);
    expect(editor.accept()).toBe(false);
    expect(editor.cycleProposal(1)).toBe(false);
    editor.undo();
    editor.undo();
    editor.undo();
    expect(["a", "b", "c"].map(state)).toEqual(["proposal", "proposal", "proposal"]);
  });

  it("are gone through both ways, around the end", () => {
    editor.cycleProposal(-1);
    expect(selected()).toEqual(["c"]);
    editor.cycleProposal(1);
    expect(selected()).toEqual(["a"]);
    editor.cycleProposal(-1);
    expect(selected()).toEqual(["c"]);
  });

  it("are decided together as one step, and other shapes are left alone", () => {
    expect(editor.accept(["a", "c", "own"])).toBe(true);
    expect(["a", "c", "own"].map(state)).toEqual(["accepted", "accepted", "manual"]);
    expect(editor.reject(["own", "b"])).toBe(true);
    expect(state("own")).toBe("manual");
    expect(sets).toHaveLength(2);
    editor.undo();
    editor.undo();
    expect(["a", "b", "c"].map(state)).toEqual(["proposal", "proposal", "proposal"]);
    expect(editor.accept(["own"])).toBe(false);
  });

  it("are accepted by whoever changes their shape or class, not by a look", () => {
    editor.select(["a"]);
    editor.nudge(1, 0);
    editor.relabel(["b"], "cat");
    editor.relabel(["c"], "cat");
    expect(["a", "b", "c"].map(state)).toEqual(["accepted", "accepted", "proposal"]);
    editor.undo();
    expect(editor.get("b")).toMatchObject({ state: "proposal", class_id: "dog" });
    editor.select(["c"]);
    const at = { screen: [0, 0], image: [0, 0], shift: false, alt: false, touch: false } as const;
    const { scale, tx, ty } = editor.camera;
    const corner = { ...at, screen: [130 * scale + tx, 60 * scale + ty], image: [130, 60] } as const;
    editor.activeTool.down(corner);
    editor.activeTool.up(corner);
    expect(state("c")).toBe("proposal");
  });

  it("below a score are out of the way, and out of reach", () => {
    editor.select(["b"]);
    editor.setLeastScore(0.5);
    expect(selected()).toEqual([]);
    editor.selectAll();
    expect(selected()).toEqual(["a", "c", "own"]);
    editor.cycleProposal(1);
    editor.cycleProposal(1);
    expect(selected()).toEqual(["c"]);
    editor.setLeastScore(0);
    editor.cycleProposal(-1);
    expect(selected()).toEqual(["b"]);
  });
});

describe("the order of keys", () => {
  it("goes through all of them once, both ways, as if they were sorted, also where some lie at one place", () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(3), fc.nat(3)), { maxLength: 12 }), (places) => {
        const all = places.map(([x, y], i) => ({
          ...drawn({ type: "box", x0: x, y0: y, x1: x + 5, y1: y + 5 }, "cat"),
          id: `${i}`,
        }));
        const walk = (step: 1 | -1): string[] => {
          const met: string[] = [];
          for (let one = beside(all, undefined, step); one && met.length < 20; one = beside(all, one, step))
            met.push(one.id);
          return met;
        };
        const sorted = all.toSorted(byPlace).map(({ id }) => id);
        expect(walk(1)).toEqual(sorted);
        expect(walk(-1)).toEqual(sorted.toReversed());
      }),
    );
  });
});

describe("an older state on show", () => {
  it("can be looked at but not changed, from where one was looking", () => {
    editor.zoom(2);
    const { camera } = editor;
    const now = editor.document;
    editor.open(new Document("picture", { width: 200, height: 150 }, [proposal("a", 10, 0.9)]), { readOnly: true });
    expect(editor.camera).toEqual(camera);
    editor.selectAll();
    editor.removeSelection();
    editor.nudge(1, 1);
    expect(editor.accept(["a"])).toBe(false);
    editor.setTool("box");
    expect(editor.activeTool.name).toBe("pan");
    expect(editor.state).toMatchObject({ readOnly: true, canUndo: false });
    expect(editor.document?.store.all()).toHaveLength(1);
    editor.open(now);
    expect(editor.state.readOnly).toBe(false);
  });
});
