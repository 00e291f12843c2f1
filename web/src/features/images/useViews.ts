import { queryOptions, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { api, call, type Schemas } from "../../api/client";
import { keys } from "../../api/keys";
import { notifyDone, notifyUndo } from "../../components/notify";
import { views as words } from "../../strings/views";
import { filterBody, filterOf, type ImageFilter } from "./filter";

export type SavedView = Schemas["SavedView"];
type ImageQuery = Schemas["ImageQuery"];

export const viewsQuery = (projectId: string) =>
  queryOptions({
    queryKey: keys.views(projectId),
    queryFn: () =>
      call(api.GET("/api/v1/projects/{project_id}/views", { params: { path: { project_id: projectId } } })),
  });

/** The saved views of a project, and which of them is on show. */
export function useViews(projectId: string, filter: ImageFilter) {
  const query = useQuery(viewsQuery(projectId));
  const shown = JSON.stringify(filter);
  const active = query.data?.find((view) => JSON.stringify(filterOf(view.query)) === shown);
  return { query, active };
}

/** Save, rename, replace and delete views. */
export function useViewChanges(projectId: string) {
  const client = useQueryClient();
  const onSettled = () => client.invalidateQueries({ queryKey: keys.views(projectId) });
  const create = (name: string, query: ImageQuery) =>
    call(
      api.POST("/api/v1/projects/{project_id}/views", {
        params: { path: { project_id: projectId } },
        body: { name, query },
      }),
    );
  const update = (id: string, body: Schemas["ViewPatch"]) =>
    call(api.PATCH("/api/v1/views/{view_id}", { params: { path: { view_id: id } }, body }));
  return {
    save: useMutation({
      mutationFn: ({ name, filter }: { name: string; filter: ImageFilter }) => create(name, filterBody(filter)),
      onSuccess: ({ name }) => notifyDone(words.saved(name)),
      onSettled,
    }),
    rename: useMutation({
      mutationFn: ({ id, name }: { id: string; name: string }) => update(id, { name }),
      onSettled,
    }),
    replace: useMutation({
      mutationFn: ({ view, filter }: { view: SavedView; filter: ImageFilter }) =>
        update(view.id, { query: filterBody(filter) }),
      onSuccess: ({ name }, { view }) =>
        notifyUndo(words.replaced(name), () => update(view.id, { query: view.query }).finally(onSettled)),
      onSettled,
    }),
    remove: useMutation({
      mutationFn: ({ id }: SavedView) =>
        call(api.DELETE("/api/v1/views/{view_id}", { params: { path: { view_id: id } } })),
      onSuccess: (_, { name, query }) => notifyUndo(words.deleted(name), () => create(name, query).finally(onSettled)),
      onSettled,
    }),
  };
}
