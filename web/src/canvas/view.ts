/** The screen of an editor: three layers in an element, painted in animation frames. */
import type { Camera } from "./camera";
import type { Editor } from "./editor";
import { boundsOf } from "./geometry/shape";
import type { Geometry, Point, Size } from "./geometry/types";
import { differenceBounds } from "./geometry/raster";
import { gripsOf } from "./grips";
import type { Grip } from "./grips";
import { isPainting } from "./state";
import type { EditorState } from "./state";
import { Input } from "./input";
import type { Looks } from "./looks";
import { Flat } from "./render/flat";
import { Overlay } from "./render/overlay";
import type { Lively } from "./render/overlay";
import { labelText, styleOf } from "./render/paint";
import type { Styles } from "./render/paint";
import type { Stain } from "./render/masks";
import { PictureLayer } from "./render/picture";
import type { Pixels } from "./render/picture";
import { ShapesLayer } from "./render/shapes";
import { sameSight } from "./sight";
import type { TileSource } from "./tiles";
import { isProposal } from "./store/changes";
import type { Annotation, Change } from "./store/changes";
import { boxAround } from "./tools/extremes";
import type { Draft, Preview, ToolKey, ToolName } from "./tools/tool";

/** Milliseconds without a zoom after which the hand is taken to rest. */
const REST_MS = 120;
/** Tools whose pointer has lines across the picture. */
const GUIDED: ReadonlySet<string> = new Set(["box", "rotated", "ellipse", "point"]);
const isGuided = ({ crosshair }: Looks, tool: ToolName): boolean =>
  crosshair === "always" || (crosshair === "boxes" && GUIDED.has(tool));
/** From so many on, selected shapes are painted with the others: drawn above them they would hold up the page. */
const MANY = 200;
const isCrowd = ({ selected }: EditorState): boolean => selected.size > MANY;
/** The looks of which painted shapes are made. */
const STYLE = ["labels", "fill", "mask", "line"] as const;

/** Points that lie on the sides of a box, or a line as far as it is set. */
function shownDraft(tool: ToolKey, { points, ways }: Draft): Pick<Lively, "geometry" | "points" | "path"> {
  if (tool === "extremes") return { geometry: boxAround(points), points };
  const path = ways ? ways.flat() : points;
  return { geometry: { type: "polyline", points: path }, points, path };
}

export interface ViewOptions {
  /** Paint everything in each frame, even while the hand moves: only for measuring what deferring is worth. */
  readonly eager?: boolean;
}

export class View {
  readonly #editor: Editor;
  readonly #element: HTMLElement;
  readonly #picture: PictureLayer;
  readonly #shapes: ShapesLayer;
  readonly #flat: Flat | undefined;
  readonly #overlay: Overlay;
  readonly #input: Input;
  readonly #stops: (() => void)[] = [];
  readonly #eager: boolean;
  #styles: Styles = new Map();
  #lifted: ReadonlySet<string> = new Set();
  #guide: Point | null = null;
  #frame = 0;
  #zoomedAt = -Infinity;
  #scale = 0;
  #size = "";

  constructor(element: HTMLElement, editor: Editor, options: ViewOptions = {}) {
    this.#editor = editor;
    this.#element = element;
    this.#eager = options.eager ?? false;
    element.style.overflow = "hidden";
    element.style.touchAction = "none";
    element.style.userSelect = "none";
    const changed = (): void => this.#flat?.drop();
    this.#picture = new PictureLayer(element, () => this.#request(), changed);
    this.#picture.look(editor.state.looks);
    this.#shapes = new ShapesLayer(element, changed);
    this.#flat = new Flat(element, this.#picture, this.#shapes);
    this.#overlay = new Overlay(element);
    this.#input = new Input(element, editor);
    editor.noteTouch(matchMedia("(pointer: coarse)").matches);
    editor.setSource(() => this.#picture.source());
    this.#listen();
    const resized = new ResizeObserver(() => this.#resize());
    resized.observe(element);
    this.#stops.push(() => resized.disconnect());
    this.#resize();
    this.#open();
  }

  destroy(): void {
    cancelAnimationFrame(this.#frame);
    this.#input.destroy();
    this.#picture.close();
    for (const stop of this.#stops) stop();
    this.#element.replaceChildren();
  }

  /** The picture's pixels, null while they are on their way; those of a very large one are a small copy, beside tiles. */
  setPixels(pixels: Pixels | null, size: Size, tiles: TileSource | null = null): void {
    this.#picture.show(pixels, size, tiles);
    this.#request();
  }

  /** Names and colours of the classes by id. */
  setStyles(styles: Styles): void {
    this.#styles = styles;
    this.#open(true);
  }

  #listen(): void {
    const { classList } = this.#element;
    classList.add("canvas");
    let shown = this.#editor.state;
    this.#stops.push(
      this.#editor.on("open", () => this.#open()),
      this.#editor.on("change", ({ changes }) => this.#touch(changes)),
      this.#editor.on("camera", ({ scale }) => {
        if (scale !== this.#scale) this.#zoomedAt = performance.now();
        this.#scale = scale;
        this.#request();
      }),
      this.#editor.on("preview", (previews) => this.#lift(previews)),
      this.#editor.on("ink", (dirty) => {
        if (dirty) this.#shapes.touch(dirty);
        this.#request();
      }),
      this.#editor.on("cursor", (name) => (this.#element.style.cursor = name)),
      this.#editor.on("screen", (at) => {
        this.#guide = at;
        this.#request();
      }),
      this.#editor.on("state", (state) => {
        const looksOther = this.#looksOther(state.looks, shown.looks);
        const chosenOther = state.selected !== shown.selected && (isCrowd(state) || isCrowd(shown));
        if (looksOther || chosenOther || !sameSight(state, shown)) this.#shapes.invalidate();
        shown = state;
        this.#request();
      }),
    );
  }

  /** Takes over how the picture looks; true where the shapes look otherwise than before. */
  #looksOther(looks: Looks, before: Looks): boolean {
    if (looks === before) return false;
    this.#picture.look(looks);
    return STYLE.some((name) => looks[name] !== before[name]);
  }

  #resize(): void {
    const { clientWidth, clientHeight } = this.#element;
    if (clientWidth === 0 || clientHeight === 0) return;
    const size = `${String(clientWidth)} ${String(clientHeight)} ${String(devicePixelRatio)}`;
    if (size === this.#size) return; // a new observer reports the size that is known already
    this.#size = size;
    const view = { width: clientWidth, height: clientHeight };
    this.#picture.resize(view, devicePixelRatio);
    this.#shapes.resize(view, devicePixelRatio);
    this.#editor.setView(view);
    this.#paintNow();
  }

  #open(keep = false): void {
    const { document } = this.#editor;
    const visible = (annotation: Annotation): boolean =>
      this.#editor.isVisible(annotation) &&
      !this.#lifted.has(annotation.id) &&
      annotation.id !== this.#editor.inked?.id;
    const ink = (): Stain | null => this.#ink();
    const looks = (): Looks => this.#editor.state.looks;
    const chosen = ({ id }: Annotation): boolean => {
      const { state } = this.#editor;
      return isCrowd(state) && state.selected.has(id);
    };
    this.#shapes.show(document && { index: document.index, styles: this.#styles, visible, looks, chosen, ink }, keep);
    this.#paintNow();
  }

  #ink(): Stain | null {
    const { inked, state } = this.#editor;
    if (!inked) return null;
    const { color } = styleOf(this.#styles, inked.classId ?? state.classId);
    return { pixels: inked.pixels, color, opacity: state.looks.mask };
  }

  /** The first look at a scene does not wait for slices. */
  #paintNow(): void {
    this.#shapes.work(this.#editor.camera, Infinity);
    this.#request();
  }

  #touch(changes: readonly Change[]): void {
    // Where much has changed, painting everything is cheaper than painting many areas.
    if (changes.length > 64) this.#shapes.invalidate();
    else {
      for (const change of changes) {
        if (this.#touchMask(change)) continue;
        const states = change.op === "update" ? [change.before, change.after] : [change.annotation];
        for (const { geometry } of states) if (geometry) this.#shapes.touch(boundsOf(geometry));
        const now = change.op === "update" && this.#editor.get(change.id);
        if (now) this.#shapes.touch(boundsOf(now.geometry));
      }
    }
    this.#request();
  }

  /** Of a mask that changed only what differs is painted again, and its label where that moves; false for all else. */
  #touchMask(change: Change): boolean {
    if (change.op !== "update") return false;
    const [before, after] = [change.before.geometry, change.after.geometry];
    if (before?.type !== "mask" || after?.type !== "mask") return false;
    const dirty = differenceBounds(before, after);
    if (dirty) this.#shapes.touch(dirty);
    for (const [x, y] of [boundsOf(before), boundsOf(after)]) this.#shapes.touch([x, y, x, y]);
    return true;
  }

  /** Shapes under the hand leave the static layer and come back when they are let go. */
  #lift(previews: readonly Preview[]): void {
    // The pixels of a mask stay until it is let go: its frame shows where they go.
    const isLifted = ({ geometry }: Preview): boolean => geometry.type !== "mask";
    const lifted = new Set(previews.filter(isLifted).flatMap(({ id }) => (id === null ? [] : [id])));
    for (const id of new Set([...lifted, ...this.#lifted])) {
      const annotation = lifted.has(id) === this.#lifted.has(id) ? undefined : this.#editor.get(id);
      if (annotation) this.#shapes.touch(boundsOf(annotation.geometry));
    }
    this.#lifted = lifted;
    this.#request();
  }

  #request(): void {
    this.#frame ||= requestAnimationFrame(() => {
      this.#frame = 0;
      this.#paint();
    });
  }

  #paint(): void {
    const { camera } = this.#editor;
    const zooming = !this.#eager && performance.now() - this.#zoomedAt < REST_MS;
    const waits = zooming && this.#shapes.isScaled(camera);
    if (!waits) this.#picture.sharpen(camera);
    this.#flat?.place(camera);
    this.#picture.place(camera);
    this.#shapes.place(camera);
    this.#paintOverlay(camera);
    if (this.#eager) this.#shapes.invalidate();
    if (waits) {
      this.#shapes.mend();
      this.#request();
      return;
    }
    if (this.#shapes.work(camera, this.#eager ? Infinity : undefined)) this.#request();
  }

  #paintOverlay(camera: Camera): void {
    const { vertex, touch, looks, tool } = this.#editor.state;
    this.#overlay.show(this.#lively(), camera, { vertex, touch, line: looks.line, fill: looks.fill });
    this.#overlay.guides(isGuided(looks, tool) ? this.#guide : null);
    this.#overlay.brush(isPainting(tool) ? this.#guide : null, (this.#editor.brush * camera.scale) / 2);
  }

  #lively(): Lively[] {
    const { selected, hovered, looks } = this.#editor.state;
    const { previews } = this.#editor;
    const found: Lively[] = [];
    const add = (id: string, kind: Lively["kind"]): void => {
      const annotation = this.#editor.get(id);
      if (!annotation || this.#lifted.has(id) || !this.#editor.isVisible(annotation)) return;
      const { geometry } = annotation;
      const style = styleOf(this.#styles, annotation.class_id);
      const isHeld = kind === "selected" && this.#isHeld() && !this.#editor.isLocked(id);
      const grips = isHeld ? this.#grips(geometry) : [];
      const dashed = isProposal(annotation) || annotation.occluded === true;
      const label = looks.labels === "never" ? "" : labelText(annotation, style);
      found.push({ geometry, color: style.color, label, kind, dashed, grips });
    };
    if (!isCrowd(this.#editor.state)) for (const id of selected) add(id, "selected");
    if (hovered !== null && !selected.has(hovered)) add(hovered, "hovered");
    for (const { id, classId, geometry, points, path, marks, text: label = "" } of previews) {
      const { color } = styleOf(this.#styles, classId ?? this.#editor.state.classId);
      const grips = id !== null && previews.length === 1 ? this.#grips(geometry) : [];
      found.push({ geometry, color, label, kind: "drawn", dashed: false, grips, points, path, marks });
    }
    return [...found, ...this.#waiting()];
  }

  /** What is half drawn and waits for its tool. */
  #waiting(): Lively[] {
    const { classId, readOnly } = this.#editor.state;
    if (readOnly) return [];
    const { color } = styleOf(this.#styles, classId);
    return Array.from(this.#editor.document?.drafts ?? [], ([tool, draft]) => ({
      ...shownDraft(tool, draft), color, label: "", kind: "drawn", dashed: false, grips: [], waits: true,
    })); // prettier-ignore
  }

  /** Whether the selected shape has handles. */
  #isHeld(): boolean {
    const { selected, readOnly, tool } = this.#editor.state;
    return tool === "select" && selected.size === 1 && !readOnly;
  }

  #grips(geometry: Geometry): readonly Grip[] {
    const { vertex, touch } = this.#editor.state;
    return gripsOf(geometry, this.#editor.camera, { view: this.#editor.view, vertex, touch });
  }
}
