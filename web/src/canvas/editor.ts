/** The editor without a screen: every command that a key or a button can give. */
import { describing, relabelling } from "./attributes";
import type { Defaults } from "./attributes";
import { copies, growing, movingVertex, moving, removingVertex, splitting } from "./edits";
import { besideVertex } from "./geometry/polygon";
import { boundsOf, isJointed, ringsOf, union } from "./geometry/shape";
import type { Bounds, Point, Size } from "./geometry/types";
import { isGoingOn } from "./state";
import { accepting, beside, besideProposal, rejecting } from "./review";
import { ShapingEditor } from "./shaping";
import { changedId, isProposal } from "./store/changes";
import type { Annotation, AttributeValue, Change, ChangeSet, Item } from "./store/changes";
import type { Effect } from "./store/history";
import { TOOL_CURSORS } from "./tools/tool";
import type { PointerInput } from "./tools/tool";

export type { EditorEvents, EditorState } from "./state";

export class Editor extends ShapingEditor {
  // --- commands on annotations -----------------------------------------------------------------------------------

  /** Chooses the class of the next shape; null asks at the next one. */
  setClass(classId: string | null): void {
    this.set({ classId });
  }

  relabel(ids: Iterable<string>, classId: string): void {
    this.commit(relabelling(this.free(ids), classId, this.defaults));
  }

  /** Says what new objects begin with, by class. */
  setDefaults(defaults: Defaults): void {
    this.defaults = defaults;
  }

  /** Gives them an attribute; null takes it away. */
  describe(ids: Iterable<string>, name: string, value: AttributeValue): void {
    this.commit(describing(this.free(ids), name, value));
  }

  remove(ids: Iterable<string>): void {
    this.commit(this.free(ids).map((annotation) => ({ op: "delete", annotation })));
  }

  /**
   * What Delete means just now: the last vertex of an outline that is being drawn, the chosen vertex, or what is
   * selected. A proposal that is deleted is rejected: the next one follows.
   */
  removeSelection(): void {
    if (this.activeTool.back?.()) return;
    const only = this.onlySelected();
    if (only && this.state.vertex) this.#removeVertex(only);
    else if (only && isProposal(only)) this.reject([only.id]);
    else this.remove(this.selected);
  }

  /** Copies the selected shapes a little to the lower right, and selects the copies. */
  duplicate(offset = 10): void {
    const made = copies(this.annotations(this.selected), offset, this.picture);
    this.commit(made.map((annotation) => ({ op: "create", annotation })));
    if (made.length > 0) this.select(made.map(({ id }) => id));
  }

  /** Moves the chosen vertex or the selected shapes by image pixels. A row of nudges is one step of undo. */
  nudge(dx: number, dy: number): void {
    const { vertex } = this.state;
    const only = this.onlySelected();
    const changes =
      only && vertex
        ? movingVertex(only, vertex, [dx, dy], this.picture)
        : moving(this.free(this.selected), [dx, dy], this.picture);
    this.commit(changes, "nudge");
  }

  /** Moves the right and the lower edge of the selected boxes by image pixels. */
  grow(dx: number, dy: number): void {
    this.commit(growing(this.free(this.selected), [dx, dy], this.picture), "grow");
  }

  /** Makes a vertex after the chosen one; false where none is chosen. */
  splitEdge(): boolean {
    const { vertex } = this.state;
    const only = this.onlySelected();
    const changes = only && vertex ? splitting(only, vertex) : [];
    if (!vertex || changes.length === 0) return false;
    this.commit(changes);
    this.selectVertex({ ring: vertex.ring, index: vertex.index + 1 });
    return true;
  }

  /** Chooses the next vertex (`step` 1) or the previous one (-1) of the selected shape; false where there is none. */
  cycleVertex(step: 1 | -1): boolean {
    const shape = this.onlySelected()?.geometry;
    if (!shape || !isJointed(shape) || ringsOf(shape).flat().length < 2) return false;
    this.selectVertex(besideVertex(shape, this.state.vertex, step));
    return true;
  }

  /** Ends the outline that is being drawn; false where none is. */
  finish(): boolean {
    return this.activeTool.finish?.() ?? false;
  }

  undo(): void {
    if (this.activeTool.back?.() || this.toolbox.wand.back()) return;
    this.interrupt();
    this.#reveal(this.document?.history.undo());
  }

  redo(): void {
    if (this.activeTool.forth?.()) return;
    this.interrupt();
    this.#reveal(this.document?.history.redo());
  }

  /** Changes many things as one step of undo: an older state brought back. */
  change(changes: readonly Change[]): void {
    this.interrupt();
    this.commit(changes);
  }

  /** Rejects every proposal as one step of undo with something that is no shape: the word that there are no objects. */
  mark(effect: Effect): void {
    if (this.state.readOnly || !this.document) return;
    this.interrupt();
    this.document.history.record(rejecting(this.document.store.all()), effect);
    this.noteHistory();
  }

  /** Makes something that is no shape, and is done already, a step of undo. */
  note(effect: Effect): void {
    if (this.state.readOnly) return;
    this.document?.history.record([], effect);
    this.noteHistory();
  }

  // --- proposals -------------------------------------------------------------------------------------------------

  /** Accepts those of them that are proposals; false where none is. With one of them selected the next one follows. */
  accept(ids: Iterable<string> = this.selected): boolean {
    return this.#review(ids, accepting);
  }

  /** Accepts every proposal that is shown; false where none is. */
  acceptShown(): boolean {
    return this.accept(this.#reachable().map(({ id }) => id));
  }

  /** Deletes those of them that are proposals; false where none is. */
  reject(ids: Iterable<string> = this.selected): boolean {
    return this.#review(ids, rejecting);
  }

  /** Selects the next proposal (`step` 1) or the previous one (-1), around the end; false where there is none. */
  cycleProposal(step: 1 | -1): boolean {
    const next = besideProposal(this.#shown(), this.onlySelected(), step);
    if (!next) return false;
    if (this.state.tool !== "select") this.setTool("select");
    this.#look(next);
    return true;
  }

  // --- commands on what is shown ---------------------------------------------------------------------------------

  /** While a key is held the pointer moves the view, whatever the tool. */
  holdPan(held: boolean): void {
    if (held === this.panHeld) return;
    this.panHeld = held;
    this.cursor(TOOL_CURSORS[held ? "pan" : this.state.tool]);
  }

  /** Tells where the pointer is, in the picture and on the screen. */
  point(input: PointerInput | null): void {
    const { width, height } = this.picture;
    const [x, y] = input?.image ?? [-1, -1];
    this.emit("pointer", input && x >= 0 && y >= 0 && x < width && y < height ? input.image : null);
    this.emit("screen", input && !input.touch ? input.screen : null);
  }

  /**
   * Selects the next shape (`step` 1) or the previous one (-1), from the top left to the lower right. Past the last one
   * it clears the selection and returns false, so that the keyboard focus can go on to the rest of the page.
   */
  cycle(step: 1 | -1): boolean {
    const reachable = this.#reachable();
    const [current] = this.selected;
    const chosen = beside(reachable, reachable.find(({ id }) => id === current), step); // prettier-ignore
    if (chosen) this.#look(chosen);
    else this.select([]);
    return chosen !== undefined;
  }

  selectAll(): void {
    this.select(this.#reachable().map(({ id }) => id));
  }

  setView(view: Size): void {
    this.eye.setView(view);
  }

  fit(): void {
    this.eye.fit();
  }

  oneToOne(): void {
    this.eye.oneToOne();
  }

  zoomToSelection(): void {
    const chosen = this.annotations(this.selected);
    if (chosen.length > 0) this.eye.show(chosen.map(({ geometry }) => boundsOf(geometry)).reduce(union));
  }

  /** Shows a part of the picture, and selects a shape there. */
  show(bounds: Bounds, id?: string): void {
    this.select(id !== undefined && this.document?.store.get(id) ? [id] : []);
    this.eye.show(bounds);
  }

  /** Zooms by `factor` about a screen point, the middle of the view by default. */
  zoom(factor: number, at?: Point): void {
    this.eye.zoom(factor, at);
  }

  // --- inside ----------------------------------------------------------------------------------------------------

  /** What is shown and not locked. */
  #reachable(): Annotation[] {
    return this.#shown().filter(({ id }) => !this.isLocked(id));
  }

  #shown(): Annotation[] {
    return (this.document?.store.all() ?? []).filter(this.isVisible);
  }

  #look(annotation: Annotation): void {
    this.select([annotation.id]);
    this.eye.bringIntoView(boundsOf(annotation.geometry));
  }

  /** The vertex before it is chosen next, so that pressing the key again goes on; three always stay. */
  #removeVertex(annotation: Annotation): void {
    const { vertex } = this.state;
    const changes = vertex ? removingVertex(annotation, vertex) : [];
    if (!vertex || changes.length === 0) return;
    this.commit(changes);
    this.selectVertex({ ring: vertex.ring, index: Math.max(vertex.index - 1, 0) });
  }

  #review(ids: Iterable<string>, decide: (annotations: readonly Annotation[]) => Change[]): boolean {
    const chosen = this.free(ids);
    const changes = decide(chosen);
    if (changes.length === 0 || this.state.readOnly) return false;
    const [only] = chosen;
    const follows = chosen.length === 1 && only && this.selected.has(only.id);
    const next = follows ? besideProposal(this.#shown(), only, 1) : undefined;
    this.commit(changes);
    if (next) this.#look(next);
    return true;
  }

  /** Selects what a step of undo or redo has touched, so that the eye finds it. */
  #reveal(set: ChangeSet<Item> | null | undefined): void {
    this.noteHistory();
    const { tool } = this.state;
    if (!set || (tool !== "select" && !isGoingOn(tool))) return;
    this.select(set.changes.map((change) => changedId(change)));
  }
}
