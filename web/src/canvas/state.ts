/** What an editor tells of itself: its state, its events, and how both begin. */
import type { Camera } from "./camera";
import type { Asked } from "./colours";
import type { Refusal } from "./combine";
import type { Document } from "./document";
import type { VertexRef } from "./geometry/polygon";
import type { Bounds, Geometry, Point } from "./geometry/types";
import { PLAIN } from "./looks";
import type { Looks } from "./looks";
import { NO_FILTER } from "./sight";
import type { Sight } from "./sight";
import type { Annotation, ChangeSet } from "./store/changes";
import type { BoxWay, Preview, Prompt, Sketched, ToolKey, ToolName, Wand } from "./tools/tool";

/** What a page shows around the canvas. A new object whenever something in it changed. */
export interface EditorState extends Sight {
  readonly documentId: string | null;
  readonly tool: ToolName;
  readonly boxWay: BoxWay;
  /** Width of the brush in image pixels. */
  readonly brush: number;
  readonly smart: Smart;
  readonly wand: Wand;
  /** Image pixels that an outline may move when it is simplified. */
  readonly tolerance: number;
  /** Whether vertices stick to other shapes and to the border of the picture. */
  readonly snap: boolean;
  readonly selected: ReadonlySet<string>;
  /** The vertex that keys act on, of the only selected shape. */
  readonly vertex: VertexRef | null;
  readonly hovered: string | null;
  /** Cannot be chosen in the picture, nor changed. */
  readonly locked: ReadonlySet<string>;
  readonly looks: Looks;
  /** The class of the next shape. */
  readonly classId: string | null;
  readonly zoom: number;
  readonly canUndo: boolean;
  readonly canRedo: boolean;
  /** Vertices set of the shape that is being drawn. */
  readonly drawing: number;
  /** What is half drawn and waits for its tool, the newest last. */
  readonly waiting: readonly Waiting[];
  /** The hand at work is a finger, which needs larger handles. */
  readonly touch: boolean;
  /** An older state is on show: it can be looked at, not changed. */
  readonly readOnly: boolean;
}

/** The smart tool: what it makes, what a plain click means, and how far it is. */
export interface Smart extends Sketched {
  readonly shape: "polygon" | "mask";
  readonly beside: boolean;
}

/** How many points of a half-drawn shape are set, and which tool goes on with it. */
export interface Waiting {
  readonly tool: ToolKey;
  readonly points: number;
}

export interface EditorEvents {
  readonly state: EditorState;
  readonly open: Document | null;
  readonly change: ChangeSet;
  readonly camera: Camera;
  readonly preview: readonly Preview[];
  /** The part of the picture in which a mask under the brush has changed. */
  readonly ink: Bounds | null;
  /** Where the pointer is in image pixels; null outside the picture. */
  readonly pointer: Point | null;
  /** The same in CSS pixels of the view, for guides; null for fingers and outside the view. */
  readonly screen: Point | null;
  readonly cursor: string;
  /** A tool asks about the colours of the picture, or (null) does so no more. */
  readonly look: Asked | null;
  /** The smart tool asks for an outline, or (null) does so no more. */
  readonly prompt: Prompt | null;
  /** A shape was drawn while no class is chosen: ask for one, then call `add`. */
  readonly unclassed: Geometry;
  /** A command could not be done, or not for all. */
  readonly refused: Refusal;
  /** A shape was drawn by hand and has got its class. */
  readonly drawn: Annotation;
  /** A picture was left on which these wait. */
  readonly left: readonly Waiting[];
}

export const isPainting = (tool: ToolName): boolean => tool === "brush" || tool === "eraser";

/** Tools that go on with the selected shape, pixel by pixel. */
export const isGoingOn = (tool: ToolName): boolean => isPainting(tool) || tool === "wand";

export const NO_IDS: ReadonlySet<string> = new Set();
const SMART: Smart = { shape: "polygon", beside: false, steps: 0, waiting: false, found: false };
const WAND: Wand = { tolerance: 24, way: "new", shape: "mask" };
export const START: EditorState = {
  documentId: null, tool: "select", boxWay: "corners", brush: 20, tolerance: 1, snap: false, smart: SMART, wand: WAND, selected: NO_IDS, vertex: null, hovered: null, hidden: NO_IDS, locked: NO_IDS,
  allHidden: false, isolated: null, filter: NO_FILTER, looks: PLAIN, leastScore: 0, classId: null, zoom: 1, canUndo: false, canRedo: false, drawing: 0, waiting: [], touch: false, readOnly: false,
}; // prettier-ignore
