/**
 * Everything the editor can do by one key: the one table that the keyboard, the hints of buttons, the help sheet, the
 * command palette and the settings of the keys share. Other presets are in `keymap/presets`.
 */
import type { Editor } from "../canvas";
import { annotate as text } from "../strings/annotate";
import { ARRANGING } from "./arrange/actions";
import { ASSISTING } from "./assist/actions";
import { DESCRIBING } from "./attributes/actions";
import type { Describing } from "./attributes/useDescribing";
import { METADATA } from "./metadata/actions";
import { TAGGING } from "./tags/actions";
import type { Carry } from "./carry/useCarry";
import { DRAWING } from "./drawing/actions";
import { LOOKING } from "./look/actions";
import type { Film } from "./video/film";

/** What an action may use. */
export interface Desk {
  readonly editor: Editor;
  readonly go: (where: "next" | "previous" | "unlabeled") => void;
  readonly save: () => void;
  /** Says that the picture has no objects, or takes it back. */
  readonly empty: () => void;
  /** Opens the choice of a model that proposes objects here. */
  readonly propose: () => void;
  /** Shows or hides the history of the picture. */
  readonly history: () => void;
  /** Goes back from an older state of the picture to the present one; false where that is on show. */
  readonly leave: () => boolean;
  /** Steps of the image from hand to hand; false where they cannot be taken now. */
  readonly work: {
    readonly submit: () => boolean;
    readonly accept: () => boolean;
    readonly giveBack: () => boolean;
    readonly next: () => boolean;
    readonly comment: () => boolean;
  };
  /** Turns the selected boxes into outlines. */
  readonly outline: () => void;
  /** Goes to the images that look like this one. */
  readonly alike: () => void;
  /** Proposes what looks like the selected object. */
  readonly similar: () => void;
  /** The attributes of what is selected. */
  readonly describe: Pick<Describing, "begin" | "toggleTold">;
  /** Goes to the tags of the image. */
  readonly tag: () => void;
  /** Goes to the metadata of the image. */
  readonly title: () => void;
  readonly help: () => void;
  /** Opens the settings of the keys. */
  readonly settings: () => void;
  readonly carry: Pick<Carry, "copy" | "cut" | "paste" | "take" | "toggleKeep" | "ask">;
  /** Opens the filter of the objects. */
  readonly filter: () => void;
  /** Opens or closes the settings of the view. */
  readonly look: () => void;
  /** Opens the command palette. */
  readonly palette: () => void;
  /** Opens the choice of a class at the pointer. */
  readonly pick: () => void;
  /** Chooses the class that has this digit; false where none has it. */
  readonly digit: (digit: Digit) => boolean;
  /** The video on show; missing in the editor of images. */
  readonly film?: Film;
}

const DIGITS = ["1", "2", "3", "4", "5", "6", "7", "8", "9"] as const;
export type Digit = (typeof DIGITS)[number];
type Direction = "Left" | "Right" | "Up" | "Down";

/** The name of an action in what a browser remembers: it never changes. */
export type ActionId = string;

export type Group = keyof typeof text.groups;

export interface Action {
  readonly id: ActionId;
  readonly group: Group;
  /** Actions with the same label are one line of the help sheet. */
  readonly label: string;
  /** What tells it from others with the same label. */
  readonly detail?: string;
  /** The keys of the preset "Boxwright". */
  readonly keys: readonly string[];
  /** Returns false to leave the key to the browser. */
  readonly run: (desk: Desk) => unknown;
}

const STEPS: readonly (readonly [Direction, number, number])[] = [
  ["Left", -1, 0],
  ["Right", 1, 0],
  ["Up", 0, -1],
  ["Down", 0, 1],
];

/** Four actions that the help sheet shows as one line. */
const arrows = (
  kind: "nudge" | "nudgeFar" | "grow",
  held: string,
  by: (editor: Editor, dx: number, dy: number) => void,
): Action[] =>
  STEPS.map(([name, dx, dy]) => ({
    id: `${kind}${name}` as const,
    group: "edit",
    label: text.labels[kind],
    detail: text.directions[name],
    keys: [`${held}Arrow${name}`],
    run: ({ editor }) => by(editor, dx, dy),
  }));

const digits = DIGITS.map((digit): Action => ({
  id: `class${digit}`,
  group: "classes",
  label: text.labels.classes,
  detail: digit,
  keys: [digit],
  run: (desk) => desk.digit(digit),
}));

function escape({ editor, leave }: Desk): void {
  if (leave()) return;
  if (editor.activeTool.busy) editor.cancel();
  else if (editor.giveUp()) return;
  else if (editor.state.tool !== "select") editor.setTool("select");
  else if (editor.state.vertex) editor.selectVertex(null);
  else editor.select([]);
}

/** Ends an outline; otherwise accepts what a model has proposed. */
const enter = ({ editor }: Desk): boolean => editor.finish() || editor.accept();

/** Hides what is selected, or everything when nothing is. */
function hide({ editor }: Desk): void {
  if (editor.selected.size > 0) editor.toggleHidden(editor.selected);
  else editor.toggleAllHidden();
}

const act = (group: Group, id: keyof typeof text.labels, keys: readonly string[], run: Action["run"]): Action => ({
  id,
  group,
  label: text.labels[id],
  keys,
  run,
});

/** In the order of the help sheet and the palette: what one needs first stands first. */
export const ACTIONS: readonly Action[] = [
  act("tools", "select", ["V"], ({ editor }) => editor.setTool("select")),
  act("tools", "box", ["B", "N", "R"], ({ editor }) => editor.setTool("box")),
  act("tools", "polygon", ["P"], ({ editor }) => editor.setTool("polygon")),
  ...DRAWING,
  ...ASSISTING,
  ...DESCRIBING,
  ...TAGGING,
  ...METADATA,
  act("tools", "cancel", ["Escape"], escape),
  act("edit", "remove", ["Delete", "Backspace"], ({ editor }) => editor.removeSelection()),
  act("edit", "vertexNext", ["]"], ({ editor }) => editor.sizeTool(1) || editor.cycleVertex(1)),
  act("edit", "vertexPrevious", ["["], ({ editor }) => editor.sizeTool(-1) || editor.cycleVertex(-1)),
  act("edit", "split", ["Insert"], ({ editor }) => editor.splitEdge()),
  act("edit", "copy", ["Ctrl+C"], ({ carry }) => carry.copy()),
  act("edit", "cut", ["Ctrl+X"], ({ carry }) => carry.cut()),
  act("edit", "paste", ["Ctrl+V"], ({ carry }) => carry.paste()),
  act("edit", "takePrevious", ["Shift+V"], ({ carry }) => carry.take()),
  act("edit", "propagate", ["Ctrl+B"], ({ carry }) => carry.ask(true)),
  act("edit", "keepPrevious", ["Ctrl+P"], ({ carry }) => carry.toggleKeep()),
  act("edit", "duplicate", ["Ctrl+D"], ({ editor }) => editor.duplicate()),
  act("edit", "undo", ["Ctrl+Z"], ({ editor }) => editor.undo()),
  act("edit", "redo", ["Ctrl+Shift+Z", "Ctrl+Y"], ({ editor }) => editor.redo()),
  act("edit", "selectAll", ["Ctrl+A"], ({ editor }) => editor.selectAll()),
  ...ARRANGING,
  ...digits,
  act("classes", "pickClass", ["C"], ({ pick }) => pick()),
  ...arrows("nudge", "", (editor, dx, dy) => editor.nudge(dx, dy)),
  ...arrows("nudgeFar", "Shift+", (editor, dx, dy) => editor.nudge(10 * dx, 10 * dy)),
  ...arrows("grow", "Ctrl+", (editor, dx, dy) => editor.grow(dx, dy)),
  act("review", "accept", ["Enter"], enter),
  act("review", "reject", ["X"], ({ editor }) => editor.reject()),
  act("review", "acceptAll", ["Shift+Enter"], ({ editor }) => editor.acceptShown()),
  act("review", "nextProposal", ["J"], ({ editor }) => editor.cycleProposal(1)),
  act("review", "previousProposal", ["K"], ({ editor }) => editor.cycleProposal(-1)),
  act("review", "propose", ["M"], ({ propose }) => propose()),
  act("pictures", "next", ["D", "PageDown"], ({ go }) => go("next")),
  act("pictures", "previous", ["A", "PageUp"], ({ go }) => go("previous")),
  act("pictures", "nextUnlabeled", ["U"], ({ go }) => go("unlabeled")),
  act("pictures", "empty", ["E"], ({ empty }) => empty()),
  act("pictures", "history", ["Shift+R"], ({ history }) => history()),
  act("pictures", "alike", ["Alt+I"], ({ alike }) => alike()),
  act("pictures", "save", ["Ctrl+S"], ({ save }) => save()),
  act("work", "submit", ["Ctrl+Enter"], ({ work }) => work.submit()),
  act("work", "acceptWork", ["Y"], ({ work }) => work.accept()),
  act("work", "returnWork", ["Shift+Y"], ({ work }) => work.giveBack()),
  act("work", "comment", ["Shift+C"], ({ work }) => work.comment()),
  act("work", "nextInQueue", ["Shift+U"], ({ work }) => work.next()),
  act("view", "cycle", ["Tab"], ({ editor }) => editor.cycle(1)),
  act("view", "cycleBack", ["Shift+Tab"], ({ editor }) => editor.cycle(-1)),
  act("view", "fit", ["F"], ({ editor }) => editor.fit()),
  act("view", "oneToOne", ["0"], ({ editor }) => editor.oneToOne()),
  act("view", "zoomToSelection", ["Z"], ({ editor }) => editor.zoomToSelection()),
  act("view", "zoomIn", ["+", "="], ({ editor }) => editor.zoom(1.25)),
  act("view", "zoomOut", ["-"], ({ editor }) => editor.zoom(0.8)),
  act("view", "hide", ["H"], hide),
  act("view", "hideAll", ["Shift+H"], ({ editor }) => editor.toggleAllHidden()),
  ...LOOKING,
  act("view", "palette", ["Ctrl+K"], ({ palette }) => palette()),
  act("view", "help", ["?", "F1"], ({ help }) => help()),
  act("view", "keySettings", ["F2"], ({ settings }) => settings()),
];

/** Label and detail: what names one action where each has a line of its own. */
export const nameOfAction = ({ label, detail }: Action): string =>
  detail === undefined ? label : `${label}: ${detail}`;
