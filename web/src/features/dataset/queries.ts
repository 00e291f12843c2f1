import { keepPreviousData, queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { api, call, type Schemas } from "../../api/client";
import { notifyDone, notifyUndo } from "../../components/notify";
import { plural } from "../../lib/format";
import { dataset } from "../../strings/dataset";

const words = dataset.split;

export type Plan = Schemas["SplitPlan"];
export type Preview = Schemas["SplitPreview"];
export type Change = Schemas["SplitChange"];
export type Leaks = Schemas["Leaks"];

/** Stale whenever the counts are, as all that follows from the splits. */
export const previewQuery = (projectId: string, plan: Plan) =>
  queryOptions({
    queryKey: ["counts", projectId, "splitPreview", plan],
    queryFn: () =>
      call(
        api.POST("/api/v1/projects/{project_id}/splits/preview", {
          params: { path: { project_id: projectId } },
          body: plan,
        }),
      ),
    placeholderData: keepPreviousData,
  });

export const historyQuery = (projectId: string) =>
  queryOptions({
    queryKey: ["counts", projectId, "splitHistory"],
    queryFn: () =>
      call(api.GET("/api/v1/projects/{project_id}/splits", { params: { path: { project_id: projectId } } })),
  });

export const leaksQuery = (projectId: string) =>
  queryOptions({
    queryKey: ["counts", projectId, "leaks"],
    queryFn: () =>
      call(api.GET("/api/v1/projects/{project_id}/leaks", { params: { path: { project_id: projectId } } })),
  });

/** Carry a plan out, and take changes back; each can be undone from its message, too. */
export function useSplits(projectId: string) {
  const client = useQueryClient();
  const refresh = () =>
    Promise.all([
      client.invalidateQueries({ queryKey: ["counts", projectId] }),
      client.invalidateQueries({ queryKey: ["images", projectId] }),
      client.invalidateQueries({ queryKey: ["image"] }),
    ]);
  const back = async (id: string) => {
    const change = await call(
      api.POST("/api/v1/split-changes/{split_change_id}/undo", { params: { path: { split_change_id: id } } }),
    );
    await refresh();
    return change;
  };
  const apply = useMutation({
    mutationFn: ({ plan, digest }: { plan: Plan; digest: string }) =>
      call(
        api.POST("/api/v1/projects/{project_id}/splits", {
          params: { path: { project_id: projectId } },
          body: { ...plan, digest },
        }),
      ),
    onSuccess: (change) => {
      notifyUndo(words.applied(plural(change.moved, "image")), async () => {
        const { moved } = await back(change.id);
        notifyDone(words.undone(plural(moved, "image")));
      });
    },
    onSettled: refresh,
  });
  const undo = useMutation({
    mutationFn: back,
    onSuccess: ({ moved }) => notifyDone(words.undone(plural(moved, "image"))),
  });
  return { apply, undo };
}
