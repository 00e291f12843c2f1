/** A hand at an editor for tests: at scale 2, the picture of 200 x 150 pixels at the view's corner. */
import { Document } from "../document";
import { Editor } from "../editor";
import type { Geometry, Point, Size } from "../geometry/types";
import type { Annotation, ChangeSet } from "../store/changes";
import type { PointerInput } from "./tool";

export class Hand {
  readonly editor = new Editor();
  readonly sets: ChangeSet[] = [];

  constructor(annotations: readonly Annotation[] = [], picture: Size = { width: 200, height: 150 }) {
    const { editor } = this;
    editor.setView({ width: 400, height: 300 });
    editor.open(new Document("picture", picture, annotations));
    editor.zoom(2 / editor.camera.scale);
    editor.pan(-editor.camera.tx, -editor.camera.ty);
    editor.on("change", (set) => this.sets.push(set));
    editor.setClass("cat");
  }

  input([x, y]: Point, keys: Partial<PointerInput> = {}): PointerInput {
    return { screen: [x * 2, y * 2], image: [x, y], shift: false, alt: false, touch: false, ...keys };
  }

  down(x: number, y: number, keys?: Partial<PointerInput>): void {
    this.editor.activeTool.down(this.input([x, y], keys));
  }

  move(x: number, y: number, keys?: Partial<PointerInput>): void {
    this.editor.activeTool.move(this.input([x, y], keys));
  }

  up(x: number, y: number, keys?: Partial<PointerInput>): void {
    this.editor.activeTool.up(this.input([x, y], keys));
  }

  click(x: number, y: number, keys?: Partial<PointerInput>): void {
    this.down(x, y, keys);
    this.up(x, y, keys);
  }

  drag(from: Point, to: Point, keys?: Partial<PointerInput>): void {
    this.down(...from, keys);
    this.move((from[0] + to[0]) / 2, (from[1] + to[1]) / 2, keys);
    this.move(...to, keys);
    this.up(...to, keys);
  }

  /** Geometries made so far. */
  created(): Geometry[] {
    return this.sets.flatMap(({ changes }) =>
      changes.flatMap((c) => (c.op === "create" ? [c.annotation.geometry] : [])),
    );
  }
}
