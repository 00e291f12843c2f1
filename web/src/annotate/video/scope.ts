/** The keys of the video editor: its own first, then those of the editor of images that mean something here. */
import { ACTIONS } from "../actions";
import { BINDINGS } from "../keymap/presets";
import type { Bindings } from "../keymap/presets";
import type { Scope } from "../keymap/scope";
import { VIDEO_ACTIONS } from "./actions";

/** What belongs to one image, to a model, or to shapes that a track cannot become. */
const IMAGES_ONLY: ReadonlySet<string> = new Set([
  "next",
  "previous",
  "nextUnlabeled",
  "empty",
  "tags",
  "submit",
  "acceptWork",
  "returnWork",
  "comment",
  "nextInQueue",
  "propose",
  "reject",
  "acceptAll",
  "nextProposal",
  "previousProposal",
  "smart",
  "wand",
  "scissors",
  "outline",
  "similar",
  "duplicate",
  "takePrevious",
  "propagate",
  "keepPrevious",
  "slice",
  "join",
  "subtract",
  "convert",
  "remove",
  "nudgeLeft",
  "nudgeRight",
]);

/** Actions whose keys in the editor of images belong to something else here. */
const MOVED: Bindings = { rotated: ["Alt+R"], attributes: ["Alt+Q"], measure: ["Shift+M"] };

/** As CVAT has them. */
const CVAT: Bindings = {
  nextFrame: ["F"],
  previousFrame: ["D"],
  nextFar: ["V", "PageDown"],
  previousFar: ["C", "PageUp"],
  occluded: ["Q", "/"],
  pickClass: ["Alt+C"],
  select: ["Alt+V"],
  fit: ["Alt+F"],
};

export const VIDEOS: Scope = {
  actions: [...VIDEO_ACTIONS, ...ACTIONS.filter(({ id }) => !IMAGES_ONLY.has(id))],
  bindings: {
    boxwright: MOVED,
    cvat: { ...BINDINGS.cvat, ...MOVED, ...CVAT },
    labelimg: { ...BINDINGS.labelimg, ...MOVED },
  },
  spacePans: false,
};

/** Tools that draw what a track can be. */
export const VIDEO_TOOLS: ReadonlySet<string> = new Set([
  "select",
  "box",
  "rotated",
  "polygon",
  "brush",
  "eraser",
  "ellipse",
  "polyline",
  "point",
  "measure",
]);
