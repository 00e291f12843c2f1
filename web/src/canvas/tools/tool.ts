/** What a tool is: a small state machine fed with pointer input, acting through the host it was given. */
import type { Camera } from "../camera";
import type { VertexRef } from "../geometry/polygon";
import type { Answer, Question } from "../colours";
import type { Refusal } from "../combine";
import type { Columns } from "../geometry/raster";
import type { Bounds, Geometry, Point, Size } from "../geometry/types";
import type { WandWay } from "../geometry/wand";
import type { Grip } from "../grips";
import type { Annotation, Change } from "../store/changes";

export type ToolName =
  | "select"
  | "box"
  | "rotated"
  | "ellipse"
  | "polygon"
  | "polyline"
  | "point"
  | "brush"
  | "eraser"
  | "smart"
  | "wand"
  | "scissors"
  | "slice"
  | "measure"
  | "pan";

export const TOOL_CURSORS: Readonly<Record<ToolName, string>> = {
  select: "default",
  box: "crosshair",
  rotated: "crosshair",
  ellipse: "crosshair",
  polygon: "crosshair",
  polyline: "crosshair",
  point: "crosshair",
  brush: "crosshair",
  eraser: "crosshair",
  smart: "crosshair",
  wand: "crosshair",
  scissors: "crosshair",
  slice: "crosshair",
  measure: "crosshair",
  pan: "grab",
};

/** How the box tool draws: two corners, or the four outermost points of the object. */
export type BoxWay = "corners" | "extremes";

export interface PointerInput {
  /** CSS pixels from the view's top-left corner. */
  readonly screen: Point;
  /** Image pixels, not clamped to the picture. */
  readonly image: Point;
  readonly shift: boolean;
  readonly alt: boolean;
  readonly touch: boolean;
}

/** A shape under the hand: shown above the others, not stored yet. `id` is null while it is being drawn. */
export interface Preview {
  readonly id: string | null;
  readonly classId: string | null;
  readonly geometry: Geometry;
  /** Vertices set so far, while an outline is being drawn; beside a box, points that lie on its sides. */
  readonly points?: readonly Point[];
  /** The line set so far, where it has more points than those. */
  readonly path?: readonly Point[];
  /** What is written beside it. */
  readonly text?: string;
  /** Clicks on and beside an object whose outline is sought. */
  readonly marks?: readonly Mark[];
}

export interface Mark {
  readonly at: Point;
  readonly inside: boolean;
}

/** Where an object is, in image pixels; its outline is sought elsewhere. */
export interface Prompt {
  /** The number of the question, given back with the answer. */
  readonly question: number;
  readonly box: Bounds | null;
  readonly inside: readonly Point[];
  readonly outside: readonly Point[];
}

/** How far the smart tool is. */
export interface Sketched {
  readonly steps: number;
  readonly waiting: boolean;
  readonly found: boolean;
}

/** The magic wand: how far colours may differ, what a press does to the selected shape, and what new shapes are. */
export interface Wand {
  readonly tolerance: number;
  readonly way: WandWay;
  readonly shape: "mask" | "polygon";
}

/** A mask under the brush, shown in place of the stored one; `id` is null while it is new. */
export interface Ink {
  readonly id: string | null;
  readonly classId: string | null;
  readonly pixels: Columns;
}

/** What is half drawn: the points set so far, of the scissors each with the way that leads to it. */
export interface Draft {
  readonly points: readonly Point[];
  readonly ways?: readonly (readonly Point[])[];
}

/** Fewest points that are worth keeping: a single click is quickly made again, and was often none. */
export const WORTH_KEEPING = 2;

/** Where tools are kept: the box tool draws in two ways. */
export type ToolKey = ToolName | "extremes";

export interface GripHit {
  readonly annotation: Annotation;
  readonly grip: Grip;
}

/** All samples there are; no finer than the screen shows them; or so few that looking at all of them takes no time. */
export type Fineness = "all" | "screen" | "few";

/** What a tool may see and do. */
export interface ToolHost {
  readonly picture: Size;
  readonly camera: Camera;
  readonly selected: ReadonlySet<string>;
  /** Width of the brush in image pixels. */
  readonly brush: number;
  /** How many image pixels an outline may move when it is simplified. */
  readonly tolerance: number;
  readonly wand: Wand;
  setWand(wand: Partial<Wand>): void;
  /**
   * Has the colours of the picture looked at, away from the hand: of several questions the newest is answered, others
   * perhaps; null takes them all back. False where the picture is still on its way.
   */
  look(question: null): boolean;
  look<Q extends Question>(question: Q, then: (answer: Answer<Q>) => void, fineness: Fineness): boolean;
  /** Says why something cannot be done. */
  refuse(why: Refusal): void;
  get(id: string): Annotation | undefined;
  /** Whether it must not be changed. */
  isLocked(id: string): boolean;
  hits(input: PointerInput): readonly Annotation[];
  gripAt(input: PointerInput): GripHit | null;
  select(ids: Iterable<string>): void;
  /** Chooses the vertex that keys act on, of the only selected shape. */
  selectVertex(vertex: VertexRef | null): void;
  hover(id: string | null): void;
  preview(previews: readonly Preview[]): void;
  /** Shows a mask under the brush; only `dirty` looks different from before. */
  ink(ink: Ink | null, dirty: Bounds | null): void;
  /** Equal words of `merge` one right after the other make one step of undo. */
  commit(changes: readonly Change[], merge?: string): void;
  /** A shape was finished by hand. */
  draw(geometry: Geometry): void;
  /** Cuts shapes along a line. */
  slice(from: Point, to: Point): void;
  /** Where a vertex comes to lie that is set near other shapes or the border, if that is wanted. */
  snap(point: Point, except?: string): Point;
  /** How many vertices of an outline are set so far. */
  drawing(points: number): void;
  pan(dx: number, dy: number): void;
  cursor(name: string): void;
  /** Whether a plain click of the smart tool means what is beside the object. */
  readonly beside: boolean;
  /** Asks for an outline; null takes the question back. */
  ask(prompt: Prompt | null): void;
  sketched(sketched: Sketched): void;
  /** What was found as the kind of shape that is wanted. */
  shaped(geometry: Geometry): Geometry;
}

export interface Tool {
  readonly name: ToolName;
  /** True between the first touch and its end: nothing else may start. */
  readonly busy: boolean;
  down(input: PointerInput): void;
  move(input: PointerInput): void;
  up(input: PointerInput): void;
  /** Gives up what was begun: Escape. */
  cancel(): void;
  /** What is half drawn and waits for the hand to come back, where another tool or picture comes; null where nothing does. */
  draft?(): Draft | null;
  /** Goes on with it. */
  resume?(draft: Draft): void;
  /** Another tool, or another picture (null), is about to come: what goes on without the hand, or says that it is lost. */
  leave?(to: ToolName | null): void;
  /** Gives up only the present press: a second finger came, or a step of undo. Without it everything is given up. */
  interrupt?(): void;
  /** Ends what is being drawn, if that makes a shape; false where nothing is. */
  finish?(): boolean;
  /** Takes the last vertex back, or the one taken back last again; false where nothing is being drawn. */
  back?(): boolean;
  forth?(): boolean;
}

/** CSS pixels that a pointer may tremble before a press becomes a drag. */
export const TREMBLE = 3;

export const farFrom = ([ax, ay]: Point, [bx, by]: Point, distance = TREMBLE): boolean =>
  Math.hypot(ax - bx, ay - by) > distance;
