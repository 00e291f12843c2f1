/** What the tools act through: one open document, the camera, what is selected and what is under way. */
import { defaultsOf } from "./attributes";
import type { Defaults } from "./attributes";
import type { Answer, Question } from "./colours";
import type { Refusal } from "./combine";
import type { Camera } from "./camera";
import type { Document } from "./document";
import { Emitter } from "./emitter";
import { Eye } from "./eye";
import { pixelsOf } from "./geometry/outline";
import { sameVertex, vertexAt } from "./geometry/polygon";
import type { VertexRef } from "./geometry/polygon";
import { isJointed } from "./geometry/shape";
import { snapped } from "./geometry/snap";
import type { Bounds, Geometry, Point, Size } from "./geometry/types";
import { gripsOf, nearestGrip } from "./grips";
import { EDGE_REACH, HANDLE_REACH, TOUCH_FACTOR, hitShapes } from "./hit";
import type { Source } from "./render/source";
import { isSeen } from "./sight";
import { isGoingOn, NO_IDS, START } from "./state";
import type { EditorEvents, EditorState, Smart } from "./state";
import { same } from "./store/same";
import { changedId, changeSet, drawn } from "./store/changes";
import type { Annotation, Change, ChangeSet } from "./store/changes";
import { Toolbox, waitingIn } from "./toolbox";
import type { GripHit, Ink, PointerInput, Preview, Prompt, Sketched, Tool } from "./tools/tool";
import type { Fineness, ToolHost, ToolKey, ToolName, Wand } from "./tools/tool";

/** CSS pixels from which a vertex jumps to another shape. */
const SNAP_REACH = 8;
/** How often the samples of a picture are halved in width. */
const HALVINGS: Readonly<Record<Fineness, (picture: Size, scale: number) => number>> = {
  all: () => 0,
  screen: (_, scale) => Math.round(-Math.log2(scale)),
  few: ({ width, height }) => Math.ceil(Math.log2((width * height) / FEW) / 2),
};
const FEW = 3_000_000;
const NOWHERE: Size = { width: 1, height: 1 };

export abstract class EditorHost extends Emitter<EditorEvents> implements ToolHost {
  #state = START;
  #document: Document | null = null;
  #stopObserving: (() => void) | null = null;
  /** What is locked in each picture, for as long as the editor lives. */
  protected readonly locks = new Map<string, ReadonlySet<string>>();
  protected readonly eye = new Eye((camera) => {
    if (camera.scale !== this.#state.zoom) this.set({ zoom: camera.scale });
    this.emit("camera", camera);
  });
  #previews: readonly Preview[] = [];
  #ink: Ink | null = null;
  protected panHeld = false;
  /** What new objects begin with. */
  protected defaults: Defaults = new Map();
  #source: () => Source | null = () => null;
  /** What is done with the answers to questions about colours. */
  readonly #seen = new Map<number, (answer: Answer) => void>();
  #looks = 0;
  protected readonly toolbox = new Toolbox(this);

  get state(): EditorState {
    return this.#state;
  }

  get document(): Document | null {
    return this.#document;
  }

  get picture(): Size {
    return this.eye.picture;
  }

  get camera(): Camera {
    return this.eye.camera;
  }

  get view(): Size {
    return this.eye.view;
  }

  get selected(): ReadonlySet<string> {
    return this.#state.selected;
  }

  get previews(): readonly Preview[] {
    return this.#previews;
  }

  get inked(): Ink | null {
    return this.#ink;
  }

  get brush(): number {
    return this.#state.brush;
  }

  get tolerance(): number {
    return this.#state.tolerance;
  }

  get wand(): Wand {
    return this.#state.wand;
  }

  setWand(wand: Partial<Wand>): void {
    this.set({ wand: { ...this.#state.wand, ...wand } });
  }

  look<Q extends Question>(
    question: Q | null,
    then?: (answer: Answer<Q>) => void,
    fineness: Fineness = "all",
  ): boolean {
    if (question && !this.#source()) return false;
    if (!question || !then) {
      if (this.#seen.size > 0) this.emit("look", null);
      this.#seen.clear();
      return true;
    }
    this.#looks += 1;
    this.#seen.set(this.#looks, then as unknown as (answer: Answer) => void);
    const shrink = 2 ** Math.max(0, HALVINGS[fineness](this.picture, this.camera.scale));
    this.emit("look", { number: this.#looks, shrink, question });
    return true;
  }

  /** The answer to a question about colours; older ones need none any more. */
  seen(number: number, answer: Answer): void {
    const then = this.#seen.get(number);
    for (const older of [...this.#seen.keys()]) if (older <= number) this.#seen.delete(older);
    then?.(answer);
  }

  /** Where the colours of the picture are to be had; null while they are on their way. */
  get source(): Source | null {
    return this.#source();
  }

  setSource(source: () => Source | null): void {
    this.#source = source;
  }

  refuse(why: Refusal): void {
    this.emit("refused", why);
  }

  get activeTool(): Tool {
    return this.toolbox.get(this.panHeld || this.#state.readOnly ? "pan" : this.#inHand);
  }

  get #inHand(): ToolKey {
    const { tool, boxWay } = this.#state;
    return tool === "box" && boxWay === "extremes" ? "extremes" : tool;
  }

  get panTool(): Tool {
    return this.toolbox.get("pan");
  }

  /** Shows another document, or none; tool and class stay as they are. */
  open(document: Document | null, { readOnly = false } = {}): void {
    this.leave(null);
    this.#tellWaiting(document);
    this.toolbox.wand.rest();
    this.#stopObserving?.();
    const before = this.#state.documentId;
    this.#document = document;
    this.#stopObserving = document ? document.store.observe((set) => this.#afterChange(set)) : null;
    const documentId = document ? document.id : null;
    const locked = this.#locksOf(documentId);
    const nothing = { selected: NO_IDS, vertex: null, hovered: null, hidden: NO_IDS, isolated: null };
    this.set({ ...nothing, documentId, readOnly, locked });
    // Another state of the same picture is looked at from the same place.
    if (before === null || before !== documentId) this.eye.setPicture(document ? document.picture : NOWHERE);
    this.emit("open", document);
    this.noteHistory();
    this.takeUp();
  }

  #locksOf(documentId: string | null): ReadonlySet<string> {
    return (documentId === null ? undefined : this.locks.get(documentId)) ?? NO_IDS;
  }

  get(id: string): Annotation | undefined {
    return this.#document?.store.get(id);
  }

  readonly isVisible = (annotation: Annotation): boolean => isSeen(annotation, this.#state);

  isLocked(id: string): boolean {
    return this.#state.locked.has(id);
  }

  hits(input: PointerInput): readonly Annotation[] {
    if (!this.#document) return [];
    const reach = EDGE_REACH * (input.touch ? TOUCH_FACTOR : 1);
    const visible = (one: Annotation): boolean => !this.isLocked(one.id) && this.isVisible(one);
    return hitShapes(this.#document.index, this.camera, input.screen, { reach, visible });
  }

  gripAt(input: PointerInput): GripHit | null {
    const annotation = this.onlySelected();
    if (!annotation || this.isLocked(annotation.id) || !this.isVisible(annotation)) return null;
    const { touch } = input;
    const grips = gripsOf(annotation.geometry, this.camera, { view: this.view, vertex: this.#state.vertex, touch });
    const grip = nearestGrip(grips, input.screen, HANDLE_REACH * (touch ? TOUCH_FACTOR : 1));
    return grip && { annotation, grip };
  }

  select(ids: Iterable<string>): void {
    const selected = new Set(Array.from(ids).filter((id) => this.get(id)));
    this.#document?.history.seal();
    this.set({ selected, vertex: null });
  }

  selectVertex(vertex: VertexRef | null): void {
    if (sameVertex(vertex, this.#state.vertex)) return;
    this.#document?.history.seal();
    this.set({ vertex });
  }

  hover(id: string | null): void {
    if (id !== this.#state.hovered) this.set({ hovered: id });
  }

  preview(previews: readonly Preview[]): void {
    if (previews.length === 0 && this.#previews.length === 0) return;
    this.#previews = previews;
    this.emit("preview", previews);
  }

  ink(ink: Ink | null, dirty: Bounds | null): void {
    if (!ink && !this.#ink) return;
    this.#ink = ink;
    this.emit("ink", dirty);
  }

  commit(changes: readonly Change[], merge?: string): void {
    if (changes.length === 0 || this.#state.readOnly) return;
    const free = changes.filter((change) => !this.isLocked(changedId(change)));
    if (free.length > 0) this.#document?.store.apply(changeSet("local", free, merge));
    else this.emit("refused", "locked");
  }

  draw(geometry: Geometry): void {
    if (this.#state.classId === null) this.emit("unclassed", geometry);
    else this.emit("drawn", this.add(geometry, this.#state.classId));
  }

  add(geometry: Geometry, classId: string): Annotation {
    const annotation = drawn(geometry, classId, defaultsOf(this.defaults, classId));
    this.commit([{ op: "create", annotation }]);
    // The next stroke goes on with the mask that was begun.
    if (geometry.type === "mask" ? isGoingOn(this.#state.tool) : this.#state.tool === "wand")
      this.select([annotation.id]);
    return annotation;
  }

  abstract slice(from: Point, to: Point): void;

  snap(point: Point, except?: string): Point {
    if (!this.#state.snap || !this.#document) return point;
    const reach = SNAP_REACH / this.camera.scale;
    const [x, y] = point;
    const near = this.#document.index.query([x - reach, y - reach, x + reach, y + reach]);
    const others = near.filter((one) => one.id !== except && this.isVisible(one));
    return snapped(point, others.map(({ geometry }) => geometry), this.picture, reach); // prettier-ignore
  }

  drawing(points: number): void {
    if (points !== this.#state.drawing) this.set({ drawing: points });
  }

  cursor(name: string): void {
    this.emit("cursor", name);
  }

  get beside(): boolean {
    return this.#state.smart.beside;
  }

  ask(prompt: Prompt | null): void {
    this.emit("prompt", prompt);
  }

  sketched(sketched: Sketched): void {
    if (!same({ ...this.#state.smart, ...sketched }, this.#state.smart)) this.setSmart(sketched);
  }

  shaped(geometry: Geometry): Geometry {
    if (this.#state.smart.shape === "polygon" || geometry.type !== "polygon") return geometry;
    return pixelsOf(geometry.rings, this.picture) ?? geometry;
  }

  protected setSmart(patch: Partial<Smart>): void {
    this.set({ smart: { ...this.#state.smart, ...patch } });
  }

  pan(dx: number, dy: number): void {
    this.eye.pan(dx, dy);
  }

  /** Gives up what a tool has begun. */
  cancel(): void {
    this.toolbox.cancel();
  }

  /** Gives up the present press; what is half drawn stays. */
  interrupt(): void {
    this.toolbox.interrupt();
  }

  /** Whether a half-drawn shape is in the hand, or waits on this picture. */
  get isHalfDrawn(): boolean {
    return this.#state.waiting.length > 0 || this.toolbox.isHalfDrawn;
  }

  /** Gives up what waits for a tool. */
  dismiss(tool: ToolKey): void {
    this.#document?.drafts.delete(tool);
    this.#noteWaiting();
  }

  protected leave(to: ToolName | null): void {
    this.toolbox.putDown(to, this.#document?.drafts);
    this.#noteWaiting();
  }

  protected takeUp(): void {
    if (!this.#state.readOnly) this.toolbox.takeUp(this.#inHand, this.#document?.drafts);
    this.#noteWaiting();
  }

  /** Says what stays half drawn on a picture that is left. */
  #tellWaiting(next: Document | null): void {
    const { documentId, waiting } = this.#state;
    if (documentId !== next?.id && waiting.length > 0) this.emit("left", waiting);
  }

  #noteWaiting(): void {
    const waiting = waitingIn(this.#document?.drafts);
    if (!same(waiting, this.#state.waiting)) this.set({ waiting });
  }

  /** Tells whether a finger or a pointer is at work. */
  noteTouch(touch: boolean): void {
    if (touch !== this.#state.touch) this.set({ touch });
  }

  protected set(patch: Partial<EditorState>): void {
    this.#state = { ...this.#state, ...patch };
    this.emit("state", this.#state);
  }

  protected annotations(ids: Iterable<string>): Annotation[] {
    return Array.from(ids, (id) => this.get(id)).filter((annotation) => annotation !== undefined);
  }

  /** Those of them that may be changed; says so where none may. */
  protected free(ids: Iterable<string>): Annotation[] {
    const all = this.annotations(ids);
    const free = all.filter(({ id }) => !this.isLocked(id));
    if (free.length === 0 && all.length > 0) this.emit("refused", "locked");
    return free;
  }

  protected onlySelected(): Annotation | undefined {
    const [id, more] = this.#state.selected;
    return id === undefined || more !== undefined ? undefined : this.get(id);
  }

  /** The history hears of a change before the editor does: it observed the store first. */
  protected noteHistory(): void {
    const canUndo = this.#document?.history.canUndo ?? false;
    const canRedo = this.#document?.history.canRedo ?? false;
    if (canUndo !== this.#state.canUndo || canRedo !== this.#state.canRedo) this.set({ canUndo, canRedo });
  }

  /** What this hand draws is seen, also where only some shapes are shown. */
  #keepInSight({ origin, changes }: ChangeSet): void {
    const { isolated } = this.#state;
    if (!isolated || origin === "remote") return;
    const made = changes.flatMap((change) => (change.op === "create" ? [change.annotation.id] : []));
    if (made.length > 0) this.set({ isolated: new Set([...isolated, ...made]) });
  }

  #afterChange(set: ChangeSet): void {
    const { selected, hovered, vertex } = this.#state;
    this.#keepInSight(set);
    const left = new Set(Array.from(selected).filter((id) => this.get(id)));
    if (left.size < selected.size) this.set({ selected: left });
    if (hovered !== null && !this.get(hovered)) this.set({ hovered: null });
    const shape = this.onlySelected()?.geometry;
    if (vertex && !(shape && isJointed(shape) && vertexAt(shape, vertex))) this.set({ vertex: null });
    this.emit("change", set);
    this.noteHistory();
  }
}
