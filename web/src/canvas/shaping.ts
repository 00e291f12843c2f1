/** Commands on the ways of drawing, and on single shapes that only some geometries know. */
import { turning } from "./edits";
import { EditorHost } from "./host";
import { TOOL_CURSORS } from "./tools/tool";
import type { BoxWay, ToolName } from "./tools/tool";

export class ShapingEditor extends EditorHost {
  setTool(tool: ToolName): void {
    this.cancel();
    if (tool !== "select") this.set({ hovered: null, selected: new Set(), vertex: null });
    this.set({ tool });
    this.cursor(TOOL_CURSORS[tool]);
  }

  /** Chooses how the box tool draws. */
  setBoxWay(boxWay: BoxWay): void {
    this.cancel();
    this.set({ boxWay });
  }

  /** The other way of drawing a box, and the tool that draws it. */
  switchBoxWay(): void {
    this.setBoxWay(this.state.boxWay === "corners" ? "extremes" : "corners");
    this.setTool("box");
  }

  /** Turns the selected rotated boxes clockwise by degrees; false where none is. A row of them is one step of undo. */
  turn(degrees: number): boolean {
    const changes = turning(this.annotations(this.selected), (degrees * Math.PI) / 180);
    this.commit(changes, "turn");
    return changes.length > 0;
  }
}
