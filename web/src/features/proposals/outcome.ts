import type { Job } from "../../api/types";
import { plural } from "../../lib/format";
import { proposals as words } from "../../strings/proposals";
import { reportOf } from "../exchange/report";

/** What an auto-annotation run or an import made, for pages and toasts. */
export interface Outcome {
  readonly kind: "label" | "import";
  readonly proposals: number;
  readonly text: string;
  readonly undone: boolean;
}

/** Read a finished run or import; undefined for any other job. */
export function outcomeOf(job: Job): Outcome | undefined {
  const result = job.result;
  if (result === null) return undefined;
  if (job.kind === "import") return importOf(job, typeof result["undone_at"] === "string");
  if (job.kind !== "label") return undefined;
  const number = (name: string) => (typeof result[name] === "number" ? result[name] : 0);
  const proposals = number("proposals");
  const made =
    proposals === 0
      ? words.nothingFound
      : words.summary(plural(proposals, "proposal"), plural(number("proposal_images"), "image"));
  const left = number("left_out") > 0 ? ` · ${words.leftOut(`${number("left_out")}`)}` : "";
  return { kind: "label", proposals, text: made + left, undone: typeof result["undone_at"] === "string" };
}

function importOf(job: Job, undone: boolean): Outcome | undefined {
  const report = reportOf(job);
  if (report === undefined || job.params["dry_run"] === true) return undefined;
  const updated = report.images_updated === 0 ? "" : plural(report.images_updated, "image");
  return { kind: "import", proposals: 0, text: words.imported(plural(report.images_added, "image"), updated), undone };
}
