/** Commands on the ways of drawing, and on single shapes that only some geometries know. */
import { converting, fillingHoles, joining, simplifying, slicing, subtracting } from "./combine";
import type { Outcome } from "./combine";
import { turning } from "./edits";
import { boundsOf, contains } from "./geometry/shape";
import type { Geometry, Point } from "./geometry/types";
import { isPainting } from "./state";
import { stacking } from "./stacking";
import type { Stacking } from "./stacking";
import type { Annotation } from "./store/changes";
import { TOOL_CURSORS } from "./tools/tool";
import { MOST_TOLERANCE } from "./tools/wand";
import type { BoxWay, ToolKey, ToolName } from "./tools/tool";
import { ViewingEditor } from "./viewing";

/** Widest brush in image pixels. */
const MAX_BRUSH = 2000;

export class ShapingEditor extends ViewingEditor {
  setTool(tool: ToolName): void {
    this.leave(tool);
    this.toolbox.wand.rest();
    // A brush goes on with the selected mask, a wand with a polygon too.
    const only = this.onlySelected();
    const keeps =
      tool === "select" || (isPainting(tool) && only?.geometry.type === "mask") || tool === "slice" || tool === "wand";
    if (!keeps) this.select([]);
    if (tool !== "select") this.set({ hovered: null, vertex: null });
    this.set({ tool });
    this.cursor(TOOL_CURSORS[tool]);
    this.takeUp();
  }

  /** Takes the tool that something half drawn waits for. */
  goOn(tool: ToolKey): void {
    if (tool === "extremes") this.setBoxWay("extremes");
    this.setTool(tool === "extremes" ? "box" : tool);
  }

  /** Gives up what was begun, also by a tool that was put down since; false where nothing awaited an answer. */
  giveUp(): boolean {
    this.cancel();
    return this.toolbox.wand.back();
  }

  /** Chooses how the box tool draws. */
  setBoxWay(boxWay: BoxWay): void {
    this.leave("box");
    this.set({ boxWay });
    this.takeUp();
  }

  /** The other way of drawing a box, and the tool that draws it. */
  switchBoxWay(): void {
    this.setBoxWay(this.state.boxWay === "corners" ? "extremes" : "corners");
    this.setTool("box");
  }

  setBrush(width: number): void {
    this.set({ brush: Math.round(Math.min(Math.max(width, 1), MAX_BRUSH)) });
  }

  /** Makes the brush wider (1) or narrower (-1) by about a sixth; false where no brush is in the hand. */
  sizeBrush(step: 1 | -1): boolean {
    if (!isPainting(this.state.tool)) return false;
    const { brush } = this.state;
    this.setBrush(brush + step * Math.max(1, Math.round(brush / 6)));
    return true;
  }

  /** The brush wider (1) or narrower (-1), the wand for more colours or fewer; false where neither is in the hand. */
  sizeTool(step: 1 | -1): boolean {
    return this.sizeBrush(step) || this.sizeTolerance(step);
  }

  /** Lets more colours in (1) or fewer (-1), also for what the wand made last; false where it is not in the hand. */
  sizeTolerance(step: 1 | -1): boolean {
    const { tool, wand } = this.state;
    if (tool !== "wand" || this.state.readOnly) return false;
    const by = Math.max(1, Math.round(wand.tolerance / 8));
    this.setColours(wand.tolerance + step * by);
    this.toolbox.wand.again();
    return true;
  }

  /** How far the colours may differ that the wand takes, from 0 on. */
  setColours(tolerance: number): void {
    this.setWand({ tolerance: Math.min(Math.max(Math.round(tolerance), 0), MOST_TOLERANCE) });
  }

  /** Makes masks of the selected polygons and polygons of the selected masks; false where neither is selected. */
  convert(): boolean {
    return this.#settle(converting(this.free(this.selected), this.picture));
  }

  /** Fills the holes of the selected masks and polygons; false where there is none. */
  fillHoles(): boolean {
    return this.#settle({ changes: fillingHoles(this.free(this.selected)) });
  }

  /** Chooses what outlines that are found become. */
  setSmartShape(shape: "polygon" | "mask"): void {
    this.setSmart({ shape });
  }

  /** Chooses whether a plain click of the smart tool means what is beside the object; Alt means the other one. */
  setBeside(beside: boolean): void {
    this.setSmart({ beside });
  }

  /** What was found for a question of the smart tool; null where nothing was. */
  outlined(question: number, found: Geometry | null): void {
    this.toolbox.smart.answer(question, found);
  }

  /** The selected annotations. */
  chosen(): readonly Annotation[] {
    return this.annotations(this.selected);
  }

  /** Makes one shape of the selected polygons and masks. */
  join(): boolean {
    return this.#settle(joining(this.free(this.selected), this.picture));
  }

  /** Takes from the shape that was selected first what the others cover. */
  subtract(): boolean {
    return this.#settle(subtracting(this.free(this.selected), this.picture));
  }

  /** Cuts the selected polygons and masks along a line; where none is selected, those under its middle. */
  slice(from: Point, to: Point): void {
    const middle: Point = [(from[0] + to[0]) / 2, (from[1] + to[1]) / 2];
    const under = (): Annotation[] =>
      (this.document?.index.query([...middle, ...middle]) ?? []).filter(
        (annotation) =>
          !this.isLocked(annotation.id) && this.isVisible(annotation) && contains(annotation.geometry, middle),
      );
    const chosen = this.free(this.selected);
    if (chosen.length === 0 && this.selected.size > 0) return;
    this.#settle(slicing(chosen.length > 0 ? chosen : under(), from, to, this.picture));
  }

  /** Takes corners away that the selected polygons do not need; false where none is selected. */
  simplify(): boolean {
    return this.#settle(simplifying(this.free(this.selected), this.state.tolerance));
  }

  /** How far in pixels an outline may move when it is simplified. */
  setTolerance(pixels: number): void {
    this.set({ tolerance: Math.min(Math.max(pixels, 0.25), 64) });
  }

  toggleSnap(): void {
    this.set({ snap: !this.state.snap });
  }

  /** Brings the selected shapes forward, or sends them back; false where that changes nothing. */
  stack(how: Stacking): boolean {
    const { document } = this;
    if (!document) return false;
    const near = (one: Annotation): readonly Annotation[] => document.index.query(boundsOf(one.geometry));
    const changes = stacking(how, this.free(this.selected), { all: document.store.all(), near });
    this.commit(changes);
    return changes.length > 0;
  }

  /** Turns the selected rotated boxes clockwise by degrees; false where none is. A row of them is one step of undo. */
  turn(degrees: number): boolean {
    const changes = turning(this.free(this.selected), (degrees * Math.PI) / 180);
    this.commit(changes, "turn");
    return changes.length > 0;
  }

  /** Does it as one step of undo, and says what could not be done. */
  #settle({ changes, refusal }: Outcome): boolean {
    if (this.state.readOnly) return false;
    this.interrupt();
    this.commit(changes);
    if (refusal) this.emit("refused", refusal);
    return changes.length > 0 || refusal !== undefined;
  }
}
