import type { Job } from "../../api/types";

/** The name under which a finished export can be downloaded, or undefined. */
export function exportFile(job: Job): string | undefined {
  const files = job.result?.["files"];
  if (job.kind !== "export" || job.state !== "succeeded" || typeof files !== "object" || files === null)
    return undefined;
  const name = Object.values(files as Record<string, unknown>)[0];
  return typeof name === "string" ? name : undefined;
}
