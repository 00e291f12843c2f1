/** What keys do to metadata of the image. */
import { metadata } from "../../strings/metadata";
import type { Action } from "../actions";

export const METADATA: readonly Action[] = [
  { id: "metadata", group: "pictures", label: metadata.key, keys: ["Alt+T"], run: ({ title }) => title() },
];
