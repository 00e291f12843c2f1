/** Everything the editor can do by one key: the table that the keyboard, the buttons' hints and the help sheet share. */
import type { Editor } from "../canvas";
import { annotate as text } from "../strings/annotate";
import { ASSISTING } from "./assist/actions";
import { DRAWING } from "./drawing/actions";

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
  readonly help: () => void;
}

export type Group = keyof typeof text.groups;

export interface Action {
  readonly group: Group;
  readonly label: string;
  readonly keys: readonly string[];
  /** Returns false to leave the key to the browser. */
  readonly run: (desk: Desk) => unknown;
}

const step = (dx: number, dy: number, name: string) => ({
  move: { keys: [`Arrow${name}`], run: ({ editor }: Desk) => editor.nudge(dx, dy) },
  jump: { keys: [`Shift+Arrow${name}`], run: ({ editor }: Desk) => editor.nudge(10 * dx, 10 * dy) },
  grow: { keys: [`Ctrl+Arrow${name}`], run: ({ editor }: Desk) => editor.grow(dx, dy) },
});
const STEPS = [step(-1, 0, "Left"), step(1, 0, "Right"), step(0, -1, "Up"), step(0, 1, "Down")];

/** Four actions that the help sheet shows as one line. */
const arrows = (kind: "move" | "jump" | "grow", label: string): Action[] =>
  STEPS.map((by) => ({ group: "edit", label, ...by[kind] }));

function escape({ editor, leave }: Desk): void {
  if (leave()) return;
  if (editor.activeTool.busy) editor.cancel();
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

const { labels } = text;

export const ACTIONS: readonly Action[] = [
  ...DRAWING,
  ...ASSISTING,
  { group: "tools", label: labels.box, keys: ["B", "N", "R"], run: ({ editor }) => editor.setTool("box") },
  { group: "tools", label: labels.polygon, keys: ["P"], run: ({ editor }) => editor.setTool("polygon") },
  { group: "tools", label: labels.select, keys: ["V"], run: ({ editor }) => editor.setTool("select") },
  { group: "tools", label: labels.cancel, keys: ["Escape"], run: escape },
  {
    group: "edit",
    label: labels.remove,
    keys: ["Delete", "Backspace"],
    run: ({ editor }) => editor.removeSelection(),
  },
  {
    group: "edit",
    label: labels.vertices,
    keys: ["]"],
    run: ({ editor }) => editor.sizeBrush(1) || editor.cycleVertex(1),
  },
  {
    group: "edit",
    label: labels.vertices,
    keys: ["["],
    run: ({ editor }) => editor.sizeBrush(-1) || editor.cycleVertex(-1),
  },
  { group: "edit", label: labels.split, keys: ["Insert"], run: ({ editor }) => editor.splitEdge() },
  { group: "edit", label: labels.duplicate, keys: ["Ctrl+D"], run: ({ editor }) => editor.duplicate() },
  { group: "edit", label: labels.undo, keys: ["Ctrl+Z"], run: ({ editor }) => editor.undo() },
  { group: "edit", label: labels.redo, keys: ["Ctrl+Shift+Z", "Ctrl+Y"], run: ({ editor }) => editor.redo() },
  { group: "edit", label: labels.selectAll, keys: ["Ctrl+A"], run: ({ editor }) => editor.selectAll() },
  ...arrows("move", labels.nudge),
  ...arrows("jump", labels.nudgeFar),
  ...arrows("grow", labels.grow),
  { group: "review", label: labels.accept, keys: ["Enter"], run: enter },
  { group: "review", label: labels.reject, keys: ["X"], run: ({ editor }) => editor.reject() },
  { group: "review", label: labels.acceptAll, keys: ["Shift+Enter"], run: ({ editor }) => editor.acceptShown() },
  { group: "review", label: labels.nextProposal, keys: ["J"], run: ({ editor }) => editor.cycleProposal(1) },
  { group: "review", label: labels.previousProposal, keys: ["K"], run: ({ editor }) => editor.cycleProposal(-1) },
  { group: "review", label: labels.propose, keys: ["M"], run: ({ propose }) => propose() },
  { group: "pictures", label: labels.next, keys: ["D", "PageDown"], run: ({ go }) => go("next") },
  { group: "pictures", label: labels.previous, keys: ["A", "PageUp"], run: ({ go }) => go("previous") },
  { group: "pictures", label: labels.nextUnlabeled, keys: ["U"], run: ({ go }) => go("unlabeled") },
  { group: "pictures", label: labels.empty, keys: ["E"], run: ({ empty }) => empty() },
  { group: "pictures", label: labels.history, keys: ["Shift+R"], run: ({ history }) => history() },
  { group: "pictures", label: labels.save, keys: ["Ctrl+S"], run: ({ save }) => save() },
  { group: "work", label: labels.submit, keys: ["Ctrl+Enter"], run: ({ work }) => work.submit() },
  { group: "work", label: labels.acceptWork, keys: ["Y"], run: ({ work }) => work.accept() },
  { group: "work", label: labels.returnWork, keys: ["Shift+Y"], run: ({ work }) => work.giveBack() },
  { group: "work", label: labels.comment, keys: ["Shift+C"], run: ({ work }) => work.comment() },
  { group: "work", label: labels.nextInQueue, keys: ["Shift+U"], run: ({ work }) => work.next() },
  { group: "view", label: labels.cycle, keys: ["Tab"], run: ({ editor }) => editor.cycle(1) },
  { group: "view", label: labels.cycleBack, keys: ["Shift+Tab"], run: ({ editor }) => editor.cycle(-1) },
  { group: "view", label: labels.fit, keys: ["F"], run: ({ editor }) => editor.fit() },
  { group: "view", label: labels.oneToOne, keys: ["0"], run: ({ editor }) => editor.oneToOne() },
  { group: "view", label: labels.zoomToSelection, keys: ["Z"], run: ({ editor }) => editor.zoomToSelection() },
  { group: "view", label: labels.zoomIn, keys: ["+", "="], run: ({ editor }) => editor.zoom(1.25) },
  { group: "view", label: labels.zoomOut, keys: ["-"], run: ({ editor }) => editor.zoom(0.8) },
  { group: "view", label: labels.hide, keys: ["H"], run: hide },
  { group: "view", label: labels.hideAll, keys: ["Shift+H"], run: ({ editor }) => editor.toggleAllHidden() },
  { group: "view", label: labels.help, keys: ["?", "F1"], run: ({ help }) => help() },
];

const BY_KEY = new Map(ACTIONS.flatMap((action) => action.keys.map((key) => [key, action] as const)));

export const actionFor = (key: string): Action | undefined => BY_KEY.get(key);

/** The first key of the action with this label, for hints on buttons. */
export const keyOf = (label: string): string => ACTIONS.find((action) => action.label === label)?.keys[0] ?? "";
