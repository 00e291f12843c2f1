import type { Job } from "../../api/types";
import type { ImportInput } from "./importOptions";

export interface Problem {
  file: string;
  line: number | null;
  code: string;
  message: string;
  action: "kept" | "clipped" | "skipped" | "error";
}

/** What an import found, and once it is done what it changed; the result of an import job. */
export interface ImportReport {
  format: string;
  images: number;
  annotations: number;
  classes: readonly string[];
  splits: Readonly<Record<string, number>>;
  problems: readonly Problem[];
  problem_count: number;
  notes: readonly string[];
  /** What models said, to be reviewed; not among the annotations. */
  proposals: number;
  images_added: number;
  images_updated: number;
  images_skipped: number;
}

const EMPTY: ImportReport = {
  format: "",
  images: 0,
  annotations: 0,
  classes: [],
  splits: {},
  problems: [],
  problem_count: 0,
  notes: [],
  proposals: 0,
  images_added: 0,
  images_updated: 0,
  images_skipped: 0,
};

/** The report in a finished import job; undefined while there is none. */
export function reportOf(job: Job | undefined): ImportReport | undefined {
  if (job?.state !== "succeeded") return undefined;
  const report = job.result?.["report"];
  return typeof report === "object" && report !== null ? { ...EMPTY, ...report } : undefined;
}

/** What the look at an address fetched: the import takes the same bytes, and fetches nothing again. */
export function fetchedOf(job: Job | undefined): ImportInput | undefined {
  const upload_id = job?.state === "succeeded" ? job.result?.["upload_id"] : undefined;
  return typeof upload_id === "string" ? { upload_id, source: "" } : undefined;
}
