/**
 * Keys as people know them from other tools. A preset says only what differs; a key that it gives to one action is
 * taken from the action that has it in Boxwright.
 */
import type { ActionId } from "../actions";

export const PRESETS = ["boxwright", "cvat", "labelimg"] as const;
export type PresetName = (typeof PRESETS)[number];

export type Bindings = Readonly<Record<ActionId, readonly string[]>>;

const CVAT: Bindings = {
  box: ["N"],
  next: ["F", "PageDown"],
  previous: ["D", "PageUp"],
  fit: ["Home"],
  remove: ["Delete", "Shift+Delete", "Backspace"],
  help: ["F1", "?"],
  class1: ["Ctrl+1"],
  class2: ["Ctrl+2"],
  class3: ["Ctrl+3"],
  class4: ["Ctrl+4"],
  class5: ["Ctrl+5"],
  class6: ["Ctrl+6"],
  class7: ["Ctrl+7"],
  class8: ["Ctrl+8"],
  class9: ["Ctrl+9"],
};

/** labelImg and labelme: where the two differ, labelImg. */
const LABEL_IMG: Bindings = {
  box: ["W"],
  select: ["Ctrl+J", "V"],
  next: ["D", "PageDown"],
  previous: ["A", "PageUp"],
  fit: ["Ctrl+F", "F"],
  oneToOne: ["Ctrl+0", "0"],
  zoomIn: ["Ctrl++", "Ctrl+=", "+", "="],
  zoomOut: ["Ctrl+-", "-"],
  pickClass: ["Ctrl+E", "C"],
  hideAll: ["Ctrl+H", "T", "Shift+H"],
};

export const BINDINGS: Readonly<Record<PresetName, Bindings>> = { boxwright: {}, cvat: CVAT, labelimg: LABEL_IMG };
