import type { Schemas } from "../../api/client";
import { parseLabelsView, type LabelsView } from "../labels/view";

export type Flaw = Schemas["FlawCount"]["flaw"];
export const FLAWS: readonly Flaw[] = ["blurred", "dark", "bright", "tiny", "unreadable"];
export const VIEWS = ["split", "duplicates", "flaws", "labels"] as const;
export type View = (typeof VIEWS)[number];

/** What the page of the dataset shows; kept in the address. */
export interface DatasetView extends LabelsView {
  view?: Exclude<View, "split">;
  flaw?: Exclude<Flaw, "blurred">;
  limit?: number;
}

/** Read it from the address; what is unknown there is dropped, what is usual is left out. */
export function parseDatasetView(search: Record<string, unknown>): DatasetView {
  const found: DatasetView = {};
  const view = VIEWS.find((name) => name === search["view"]);
  const flaw = FLAWS.find((name) => name === search["flaw"]);
  const limit = Number(search["limit"] ?? Number.NaN);
  if (view !== undefined && view !== "split") found.view = view;
  if (view === "labels") return { ...found, ...parseLabelsView(search) };
  if (view !== "flaws") return found;
  if (flaw !== undefined && flaw !== "blurred") found.flaw = flaw;
  if (Number.isFinite(limit) && limit >= 0) found.limit = limit;
  return found;
}
