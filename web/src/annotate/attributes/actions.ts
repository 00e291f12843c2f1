/** What keys do to attributes. */
import { describing } from "../../strings/attributes";
import type { Action } from "../actions";

const { labels } = describing;

export const DESCRIBING: readonly Action[] = [
  {
    id: "attributes",
    group: "edit",
    label: labels.attributes,
    keys: ["Q"],
    run: ({ describe }) => describe.begin(),
  },
  {
    id: "tellAttributes",
    group: "view",
    label: labels.tellAttributes,
    keys: ["Shift+Q"],
    run: ({ describe }) => describe.toggleTold(),
  },
];
