import { queryOptions, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { api, call, type Schemas } from "../../api/client";
import { keys } from "../../api/keys";
import { notifyDone, notifyUndo } from "../../components/notify";
import { views as words } from "../../strings/views";
import { asked, filterBody, viewFilter, type ImageFilter } from "./filter";

export type SavedView = Schemas["SavedView"];
type ImageQuery = Schemas["ImageQuery"];
type Look = Pick<Schemas["NewView"], "layout" | "columns">;

const lookOf = ({ as, columns }: ImageFilter): Look => ({ layout: as ?? null, columns: columns ?? null });
const savedLook = ({ layout, columns }: SavedView): Look => ({
  layout: layout ?? null,
  columns: columns ? [...columns] : null,
});

export const viewsQuery = (projectId: string) =>
  queryOptions({
    queryKey: keys.views(projectId),
    queryFn: () =>
      call(api.GET("/api/v1/projects/{project_id}/views", { params: { path: { project_id: projectId } } })),
  });

/** The saved views of a project, and which of them is on show. */
export function useViews(projectId: string, filter: ImageFilter) {
  const query = useQuery(viewsQuery(projectId));
  const active = query.data?.find((view) => {
    const saved = viewFilter(view);
    // A view that says nothing of how it is shown is shown in any way.
    return JSON.stringify(saved) === JSON.stringify(saved.as === undefined ? asked(filter) : filter);
  });
  return { query, active };
}

/** Save, rename, replace and delete views. */
export function useViewChanges(projectId: string) {
  const client = useQueryClient();
  const onSettled = () => client.invalidateQueries({ queryKey: keys.views(projectId) });
  const create = (name: string, query: ImageQuery, look: Look) =>
    call(
      api.POST("/api/v1/projects/{project_id}/views", {
        params: { path: { project_id: projectId } },
        body: { name, query, ...look },
      }),
    );
  const update = (id: string, body: Schemas["ViewPatch"]) =>
    call(api.PATCH("/api/v1/views/{view_id}", { params: { path: { view_id: id } }, body }));
  return {
    save: useMutation({
      mutationFn: ({ name, filter }: { name: string; filter: ImageFilter }) =>
        create(name, filterBody(filter), lookOf(filter)),
      onSuccess: ({ name }) => notifyDone(words.saved(name)),
      onSettled,
    }),
    rename: useMutation({
      mutationFn: ({ id, name }: { id: string; name: string }) => update(id, { name }),
      onSettled,
    }),
    replace: useMutation({
      mutationFn: ({ view, filter }: { view: SavedView; filter: ImageFilter }) =>
        update(view.id, { query: filterBody(filter), ...lookOf(filter) }),
      onSuccess: ({ name }, { view }) =>
        notifyUndo(words.replaced(name), () =>
          update(view.id, { query: view.query, ...savedLook(view) }).finally(onSettled),
        ),
      onSettled,
    }),
    remove: useMutation({
      mutationFn: ({ id }: SavedView) =>
        call(api.DELETE("/api/v1/views/{view_id}", { params: { path: { view_id: id } } })),
      onSuccess: (_, view) =>
        notifyUndo(words.deleted(view.name), () => create(view.name, view.query, savedLook(view)).finally(onSettled)),
      onSettled,
    }),
  };
}
