import { useMutation, useQueries, useQuery, useQueryClient } from "@tanstack/react-query";
import { api, call, type Schemas } from "../../api/client";
import { keys } from "../../api/keys";
import { jobsQuery } from "../../api/queries";
import { show } from "../../api/show";
import type { Job } from "../../api/types";
import { notifyDone } from "../../components/notify";
import { jobs as words } from "../../strings/jobs";

const PROJECTS_WATCHED = 20;

export function isActive(job: Job): boolean {
  return job.state === "queued" || job.state === "running";
}

/** The jobs of a project; outside of one, those of the projects that changed last. Newest first. */
export function useJobs(projectId: string | undefined) {
  const recent = useQuery({
    queryKey: ["projects", "ids"],
    enabled: projectId === undefined,
    queryFn: async () => {
      const query = { limit: PROJECTS_WATCHED };
      const page = await call(api.GET("/api/v1/projects", { params: { query } }));
      return page.items.map((project) => project.id);
    },
  });
  const ids = projectId === undefined ? (recent.data ?? []) : [projectId];
  return useQueries({
    queries: ids.map((id) => jobsQuery(id)),
    combine: (results) => ({
      jobs: results.flatMap((result) => result.data ?? []).sort((a, b) => b.created_at.localeCompare(a.created_at)),
      isPending: results.some((result) => result.isPending),
      error: results.find((result) => result.isError)?.error ?? null,
      refetch: () => Promise.all(results.map((result) => result.refetch())),
    }),
  });
}

export function useActiveJobs(projectId: string | undefined): Job[] {
  return useJobs(projectId).jobs.filter(isActive);
}

/** A job of which it makes sense to keep what it has, or to lay it aside. */
export function keepsPart(job: Job): boolean {
  return ["train", "sweep", "predict", "label", "checkup", "label_check", "embed"].includes(job.kind);
}

function useTakeJob() {
  const client = useQueryClient();
  return (job: Job) => {
    show(client, keys.job(job.id), job);
    return client.invalidateQueries({ queryKey: ["jobs", job.project_id ?? ""] });
  };
}

export function useStartJob() {
  const take = useTakeJob();
  type Request =
    | Schemas["TrainRequest"]
    | Schemas["EstimateRequest"]
    | Schemas["SweepRequest"]
    | Schemas["EvaluateRequest"]
    | Schemas["PredictRequest"]
    | Schemas["LabelRequest"]
    | Schemas["ImportRequest"]
    | Schemas["ExportRequest"]
    | Schemas["SampleRequest"]
    | Schemas["VariantsRequest"]
    | Schemas["FetchRequest"]
    | Schemas["CheckupRequest"]
    | Schemas["LabelCheckRequest"]
    | Schemas["CopyInRequest"]
    | Schemas["EmbedRequest"];
  return useMutation({
    mutationFn: (body: Request) => call(api.POST("/api/v1/jobs", { body })),
    onSuccess: (job) => void take(job),
  });
}

export function useStopJob() {
  const take = useTakeJob();
  return useMutation({
    mutationFn: ({ job, keep }: { job: Job; keep: boolean }) =>
      call(api.POST("/api/v1/jobs/{job_id}/cancel", { params: { path: { job_id: job.id } }, body: { keep } })),
    onSuccess: (job) => {
      notifyDone(words.stopRequested);
      return take(job);
    },
  });
}

export function usePauseJob() {
  const take = useTakeJob();
  return useMutation({
    mutationFn: (job: Job) => call(api.POST("/api/v1/jobs/{job_id}/pause", { params: { path: { job_id: job.id } } })),
    onSuccess: (job) => {
      notifyDone(words.pauseRequested);
      return take(job);
    },
  });
}

export function useResumeJob() {
  const take = useTakeJob();
  return useMutation({
    mutationFn: (job: Job) => call(api.POST("/api/v1/jobs/{job_id}/resume", { params: { path: { job_id: job.id } } })),
    onSuccess: (job) => {
      notifyDone(words.resumed);
      return take(job);
    },
  });
}
