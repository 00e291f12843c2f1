import type { Schemas } from "../../api/client";
import { parseMapView, type MapView } from "../map/view";
import { parseLabelsView, type LabelsView } from "../labels/view";

export type Flaw = Schemas["FlawCount"]["flaw"];
export const FLAWS: readonly Flaw[] = ["blurred", "dark", "bright", "tiny", "unreadable"];
export const VIEWS = ["split", "duplicates", "flaws", "labels", "map"] as const;
export type View = (typeof VIEWS)[number];

/** What the page of the dataset shows; kept in the address. */
export interface DatasetView extends LabelsView, MapView {
  view?: Exclude<View, "split">;
  flaw?: Exclude<Flaw, "blurred">;
  limit?: number;
}

/** Views that read their part of the address themselves. */
const OWN = { labels: parseLabelsView, map: parseMapView } as const;

/** Read it from the address; what is unknown there is dropped, what is usual is left out. */
export function parseDatasetView(search: Record<string, unknown>): DatasetView {
  const view = VIEWS.find((name) => name === search["view"]) ?? "split";
  if (view === "split") return {};
  if (view === "labels" || view === "map") return { view, ...OWN[view](search) };
  return view === "flaws" ? { view, ...parseFlaws(search) } : { view };
}

function parseFlaws(search: Record<string, unknown>): Pick<DatasetView, "flaw" | "limit"> {
  const found: Pick<DatasetView, "flaw" | "limit"> = {};
  const flaw = FLAWS.find((name) => name === search["flaw"]);
  const limit = Number(search["limit"] ?? Number.NaN);
  if (flaw !== undefined && flaw !== "blurred") found.flaw = flaw;
  if (Number.isFinite(limit) && limit >= 0) found.limit = limit;
  return found;
}
