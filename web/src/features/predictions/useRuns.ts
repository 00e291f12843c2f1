import { infiniteQueryOptions, queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { api, call, type Schemas } from "../../api/client";
import { keys } from "../../api/keys";
import { sendFile } from "../../api/sendFile";
import type { RunImage } from "../../api/types";
import { notifyDone } from "../../components/notify";
import { predictions as words } from "../../strings/predictions";
import { UploadQueue } from "../images/uploadQueue";

const PAGE = 100;

export const runsQuery = (projectId: string) =>
  queryOptions({
    queryKey: keys.runs(projectId),
    queryFn: async () => {
      const path = { project_id: projectId };
      const page = await call(
        api.GET("/api/v1/projects/{project_id}/runs", { params: { path, query: { limit: 100 } } }),
      );
      return page.items;
    },
  });

export const runQuery = (runId: string) =>
  queryOptions({
    queryKey: keys.run(runId),
    queryFn: () => call(api.GET("/api/v1/runs/{run_id}", { params: { path: { run_id: runId } } })),
  });

/** All detections that were kept; the threshold of the page only hides some of them. */
export const runImagesQuery = (runId: string) =>
  infiniteQueryOptions({
    queryKey: keys.runImages(runId, {}),
    queryFn: async ({ pageParam }) => {
      const query = { limit: PAGE, ...(pageParam === null ? {} : { cursor: pageParam }) };
      const page = await call(api.GET("/api/v1/runs/{run_id}/images", { params: { path: { run_id: runId }, query } }));
      // The client widens fixed-length arrays; the schema is the truth.
      return { items: page.items as RunImage[], next_cursor: page.next_cursor ?? null };
    },
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next_cursor,
  });

export function useCreateRun(projectId: string) {
  return useMutation({
    mutationFn: (body: Schemas["NewRun"]) =>
      call(api.POST("/api/v1/projects/{project_id}/runs", { params: { path: { project_id: projectId } }, body })),
  });
}

export function useDeleteRun(projectId: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (runId: string) => call(api.DELETE("/api/v1/runs/{run_id}", { params: { path: { run_id: runId } } })),
    onSuccess: () => {
      notifyDone(words.deleted);
      void client.invalidateQueries({ queryKey: keys.runs(projectId) });
    },
  });
}

/** Sends pictures into a run. */
export function runUploads(): UploadQueue<string> {
  return new UploadQueue<string>(async (item, onProgress, signal) => {
    const query = new URLSearchParams({ name: item.picked.path });
    const url = `/api/v1/runs/${item.target}/images?${query.toString()}`;
    await sendFile<RunImage>("POST", url, item.picked.file, { onProgress, signal });
    return "";
  });
}
