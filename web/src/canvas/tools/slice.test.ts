import { beforeEach, describe, expect, it } from "vitest";

import type { Editor } from "../editor";
import { areaOf, ringArea } from "../geometry/shape";
import type { Geometry, Point, Polygon } from "../geometry/types";
import { Hand } from "./hand.fixture";

let hand: Hand;
let editor: Editor;
let refused: string[];

const square = (x: number, y: number, side: number): Geometry => ({
  type: "polygon",
  rings: [[[x, y], [x + side, y], [x + side, y + side], [x, y + side]]],
}); // prettier-ignore
const all = (): Geometry[] => (editor.document?.store.all() ?? []).map(({ geometry }) => geometry);
const areas = (): number[] => all().map((geometry) => Math.round(areaOf(geometry)));

beforeEach(() => {
  hand = new Hand();
  ({ editor } = hand);
  refused = [];
  editor.on("refused", (why) => refused.push(why));
});

describe("slicing", () => {
  it("cuts what is under the line in two, as one step", () => {
    editor.add(square(20, 20, 40), "cat");
    editor.setTool("slice");
    hand.drag([30, 10], [30, 70]);
    expect(areas()).toEqual([1200, 400]);
    editor.undo();
    expect(areas()).toEqual([1600]);
    editor.redo();
    expect(areas()).toEqual([1200, 400]);
  });

  it("cuts only what is selected, by two clicks, masks too", () => {
    const { id } = editor.add(square(20, 20, 40), "cat");
    editor.add(square(70, 20, 40), "cat");
    editor.select([id]);
    editor.convert();
    editor.setTool("slice");
    hand.click(10, 30);
    hand.click(150, 30);
    expect(areas().sort((a, b) => a - b)).toEqual([400, 1200, 1600]);
    hand.drag([120, 100], [130, 140]);
    expect(refused).toEqual(["not cut"]);
  });
});

describe("combining", () => {
  it("joins into the first one, as one step", () => {
    const made = [editor.add(square(20, 20, 40), "cat"), editor.add(square(40, 40, 40), "dog")];
    editor.select(made.map(({ id }) => id));
    expect(editor.join()).toBe(true);
    expect(areas()).toEqual([2800]);
    expect(editor.get(made[0]?.id ?? "")?.class_id).toBe("cat");
    editor.undo();
    expect(areas()).toEqual([1600, 1600]);
  });

  it("subtracts from the one that was selected first", () => {
    const [a, b] = [editor.add(square(20, 20, 40), "cat"), editor.add(square(40, 40, 40), "dog")];
    editor.select([b.id, a.id]);
    editor.subtract();
    expect(areas()).toEqual([1600, 1200]);
    const whole = editor.add(square(0, 0, 120), "cat");
    editor.select([a.id, whole.id]);
    editor.subtract();
    editor.select([a.id]);
    editor.join();
    expect(refused).toEqual(["nothing left", "two shapes"]);
    expect(areas()).toEqual([1600, 1200, 14400]);
  });

  it("takes polygons as pixels where a mask is among them", () => {
    const [a, b] = [editor.add(square(20, 20, 40), "cat"), editor.add(square(40, 40, 40), "dog")];
    editor.select([a.id]);
    editor.convert();
    editor.select([a.id, b.id]);
    editor.join();
    expect(all().map(({ type }) => type)).toEqual(["mask"]);
    expect(areas()).toEqual([2800]);
  });
});

describe("simplifying and snapping", () => {
  it("takes corners away within the tolerance, and says when all are needed", () => {
    const bent: Geometry = { type: "polygon", rings: [[[20, 20], [40, 20.4], [60, 20], [60, 60], [20, 60]]] }; // prettier-ignore
    const { id } = editor.add(bent, "cat");
    editor.select([id]);
    editor.setTolerance(0.25);
    editor.simplify();
    expect(refused).toEqual(["simple"]);
    editor.setTolerance(1);
    editor.simplify();
    expect(all()).toEqual([square(20, 20, 40)]);
  });

  it("puts new and moved corners on other shapes and on the border", () => {
    const corner: Point = [60, 20];
    editor.add(square(20, 20, 40), "cat");
    editor.toggleSnap();
    editor.setTool("polygon");
    hand.click(62, 18);
    hand.click(198, 20);
    hand.click(100, 100);
    editor.finish();
    expect(all()[1]).toEqual({ type: "polygon", rings: [[corner, [200, 20], [100, 100]]] });
    editor.setTool("select");
    hand.click(110, 80);
    hand.drag([100, 100], [62, 58]);
    expect(all()[1]).toEqual({ type: "polygon", rings: [[corner, [200, 20], [60, 60]]] });
    const [ring] = (all()[1] as Polygon).rings;
    expect(ring && ringArea(ring)).toBeGreaterThan(0);
  });
});
