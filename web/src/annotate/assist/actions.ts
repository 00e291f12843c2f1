/** Keys of the smart tools. */
import { assist } from "../../strings/assist";
import type { Action } from "../actions";

const { labels } = assist;

export const ASSISTING: readonly Action[] = [
  { group: "tools", label: labels.smart, keys: ["S"], run: ({ editor }) => editor.setTool("smart") },
  { group: "edit", label: labels.outline, keys: ["Shift+S"], run: ({ outline }) => outline() },
];

/** The first key of one of them, for hints on buttons. */
export const assistKey = (label: string): string => ASSISTING.find((action) => action.label === label)?.keys[0] ?? "";
