import { useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useRef } from "react";
import { useServerEvents } from "../../api/events";
import { jobQuery } from "../../api/queries";
import type { Job } from "../../api/types";
import { notifyDone, notifyError } from "../../components/notify";
import { outcomeOf } from "../proposals/outcome";
import { notifyRun } from "../proposals/notifyRun";
import { jobs as words } from "../../strings/jobs";

const FINISHED: readonly unknown[] = ["succeeded", "failed", "cancelled"];

/** Says once, wherever one is, that a job has ended. */
export function useJobToasts(): void {
  const client = useQueryClient();
  const navigate = useNavigate();
  const told = useRef(new Set<string>());
  useServerEvents((event) => {
    if (event === "resync" || event.topic !== "job" || !FINISHED.includes(event.data["state"])) return;
    const once = `${event.id} ${JSON.stringify(event.data["state"])}`;
    if (told.current.has(once)) return;
    told.current.add(once);
    void client.query({ ...jobQuery(event.id), staleTime: 0 }).then((job) => {
      // A job that was resumed may end in the same way again.
      if (job.state === "failed") told.current.delete(once);
      tell(job, () => void navigate(toReview(job)));
    });
  });
}

function toReview(job: Job) {
  const params = { projectId: job.project_id ?? "" };
  return { to: "/projects/$projectId/images", params, search: { state: "proposals" } } as const;
}

function tell(job: Job, review: () => void): void {
  // What a dry run found stands in the dialog that asked for it.
  if (job.params["dry_run"] === true) return;
  const kind = words.kind[job.kind] ?? job.kind;
  const run = outcomeOf(job);
  if (run !== undefined && job.state === "succeeded") notifyRun(job, run, review);
  else if (job.state === "succeeded") notifyDone(words.doneToast(job.title === "" ? kind : job.title));
  if (job.state === "failed")
    notifyError(job.error ?? job.error_code, words.failedToast(job.title === "" ? kind : job.title));
}
