/** Keys of the smart tools. */
import { assist } from "../../strings/assist";
import type { Action } from "../actions";

const { labels } = assist;

export const ASSISTING: readonly Action[] = [
  { id: "smart", group: "tools", label: labels.smart, keys: ["S"], run: ({ editor }) => editor.setTool("smart") },
  { id: "outline", group: "edit", label: labels.outline, keys: ["Shift+S"], run: ({ outline }) => outline() },
  { id: "similar", group: "review", label: labels.similar, keys: ["Shift+L"], run: ({ similar }) => similar() },
];
