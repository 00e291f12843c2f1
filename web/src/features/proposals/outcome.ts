import type { Job } from "../../api/types";
import { plural } from "../../lib/format";
import { proposals as words } from "../../strings/proposals";

/** What an auto-annotation run made, for pages and toasts. */
export interface Outcome {
  readonly proposals: number;
  readonly text: string;
  readonly undone: boolean;
}

/** Read a finished run; undefined for any other job. */
export function outcomeOf(job: Job): Outcome | undefined {
  const result = job.result;
  if (job.kind !== "label" || result === null) return undefined;
  const number = (name: string) => (typeof result[name] === "number" ? result[name] : 0);
  const proposals = number("proposals");
  const made =
    proposals === 0
      ? words.nothingFound
      : words.summary(plural(proposals, "proposal"), plural(number("proposal_images"), "image"));
  const left = number("left_out") > 0 ? ` · ${words.leftOut(`${number("left_out")}`)}` : "";
  return { proposals, text: made + left, undone: typeof result["undone_at"] === "string" };
}
