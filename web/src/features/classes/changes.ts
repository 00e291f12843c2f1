import { keepPreviousData, queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { api, call, type Schemas } from "../../api/client";
import { notifyDone, notifyUndo } from "../../components/notify";
import { doneOf, undoneOf } from "./said";

export type Plan = Schemas["ClassChangePlan"];
export type Preview = Schemas["ClassPreview"];
export type Change = Schemas["ClassChange"];
export type ValueRule = Plan["values"];

/** Not among the counts: once a plan is carried out its classes are gone, and nobody asks about them again. */
export const previewQuery = (projectId: string, plan: Plan) =>
  queryOptions({
    queryKey: ["classPreview", projectId, plan],
    staleTime: 0,
    queryFn: () =>
      call(
        api.POST("/api/v1/projects/{project_id}/class-changes/preview", {
          params: { path: { project_id: projectId } },
          body: plan,
        }),
      ),
    placeholderData: keepPreviousData,
  });

export const historyQuery = (projectId: string) =>
  queryOptions({
    queryKey: ["classes", projectId, "history"],
    queryFn: () =>
      call(api.GET("/api/v1/projects/{project_id}/class-changes", { params: { path: { project_id: projectId } } })),
  });

/** Carry a plan out, and take changes back; each can be undone from its message, too. */
export function useClassDeeds(projectId: string) {
  const client = useQueryClient();
  const refresh = () =>
    Promise.all(
      [["classes", projectId], ["counts", projectId], ["images", projectId], ["image"]].map((queryKey) =>
        client.invalidateQueries({ queryKey }),
      ),
    );
  const back = async (id: string) => {
    const change = await call(
      api.POST("/api/v1/class-changes/{class_change_id}/undo", { params: { path: { class_change_id: id } } }),
    );
    await refresh();
    notifyDone(undoneOf(change));
  };
  const apply = useMutation({
    mutationFn: ({ plan, digest }: { plan: Plan; digest: string }) =>
      call(
        api.POST("/api/v1/projects/{project_id}/class-changes", {
          params: { path: { project_id: projectId } },
          body: { ...plan, digest },
        }),
      ),
    onSuccess: (change) => notifyUndo(doneOf(change), () => back(change.id)),
    onSettled: refresh,
  });
  const undo = useMutation({ mutationFn: back });
  return { apply, undo };
}
