import type { Detection, Model, RunImage } from "../../api/types";

/** What a run shows; kept in the address. */
export interface RunView {
  /** Least score shown; without it the operating score of each class. */
  min?: number;
  class?: number;
  /** Only images on which something is shown. */
  hits?: true;
  /** The image that is enlarged. */
  image?: string;
}

export function parseRunView(search: Record<string, unknown>): RunView {
  const view: RunView = {};
  const min = Number(search["min"]);
  if (search["min"] !== undefined && min >= 0 && min <= 1) view.min = min;
  const wanted = Number(search["class"]);
  if (search["class"] !== undefined && Number.isInteger(wanted) && wanted >= 0) view.class = wanted;
  if (search["hits"] === true) view.hits = true;
  if (typeof search["image"] === "string" && search["image"] !== "") view.image = search["image"];
  return view;
}

/** Detections of an image that a view shows, the surest first. */
export function shownOf(image: RunImage, least: (classId: number) => number, wanted: number | undefined): Detection[] {
  return (image.detections ?? [])
    .filter((found) => found.score >= least(found.class_id) && (wanted === undefined || found.class_id === wanted))
    .sort((a, b) => b.score - a.score);
}

/** The operating score of each class of a model, as the server takes it; detections are rounded to five digits. */
export function operatingScores(model: Pick<Model, "card"> | undefined, least: number): (classId: number) => number {
  const scores = model?.card.classes.map(({ threshold }) => threshold ?? model.card.score_threshold) ?? [];
  return (classId) => Math.max(least, Number((scores[classId] ?? model?.card.score_threshold ?? 0.25).toFixed(5)));
}
