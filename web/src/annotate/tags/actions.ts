/** What keys do to tags of the image. */
import { tags } from "../../strings/tags";
import type { Action } from "../actions";

export const TAGGING: readonly Action[] = [
  { id: "tags", group: "pictures", label: tags.key, keys: ["Shift+A"], run: ({ tag }) => tag() },
];
