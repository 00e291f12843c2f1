import type { ErrorKind } from "../../api/types";

/** What the page of a model shows of an evaluation; kept in the address. */
export interface QualityView {
  evaluation?: string;
  /** A cell of the confusion matrix: class ids, or `background`. */
  truth?: string;
  found?: string;
  outcome?: "tp" | "fp" | "fn";
  kind?: ErrorKind;
  class?: string;
  /** The image that is enlarged. */
  image?: string;
}

const TEXTS = ["evaluation", "class", "image"] as const;
export const KINDS: readonly ErrorKind[] = [
  "classification",
  "localization",
  "both",
  "duplicate",
  "background",
  "missed",
];
const OUTCOMES = ["tp", "fp", "fn"] as const;

export function parseQualityView(search: Record<string, unknown>): QualityView {
  const view: QualityView = {};
  for (const name of TEXTS) {
    const value = textOf(search[name]);
    if (value !== undefined) view[name] = value;
  }
  const [truth, found] = [textOf(search["truth"]), textOf(search["found"])];
  const outcome = OUTCOMES.find((one) => one === search["outcome"]);
  const kind = KINDS.find((one) => one === search["kind"]);
  // One question at a time, as the server asks for.
  if (truth !== undefined && found !== undefined) Object.assign(view, { truth, found });
  else if (outcome !== undefined) view.outcome = outcome;
  else if (kind !== undefined) view.kind = kind;
  return view;
}

function textOf(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}

export type Question = Pick<QualityView, "truth" | "found" | "outcome" | "kind" | "class">;

/** The part of a view that chooses images. */
export function questionOf({ truth, found, outcome, kind, class: wanted }: QualityView): Question {
  const given = { truth, found, outcome, kind, class: wanted };
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
}

/** A view of the same evaluation with another question. */
export function asking(view: QualityView, question: Question): QualityView {
  return { ...(view.evaluation === undefined ? {} : { evaluation: view.evaluation }), ...question };
}
