import { useMutation, useQueryClient } from "@tanstack/react-query";
import { api, call, type Schemas } from "../../api/client";
import { keys } from "../../api/keys";
import { classesQuery } from "../../api/queries";
import { notifyDone } from "../../components/notify";
import { classes as words } from "../../strings/classes";

/** Adding, changing and deleting the classes of a project. */
export function useClassChanges(projectId: string) {
  const client = useQueryClient();
  const refresh = () =>
    Promise.all([
      client.invalidateQueries({ queryKey: keys.classes(projectId) }),
      client.invalidateQueries({ queryKey: keys.counts(projectId) }),
    ]);
  const add = useMutation({
    mutationFn: (body: { names: string[]; color?: string }) =>
      call(api.POST("/api/v1/projects/{project_id}/classes", { params: { path: { project_id: projectId } }, body })),
    onSuccess: () => void refresh(),
  });
  const update = useMutation({
    mutationFn: ({ id, ...body }: { id: string } & Schemas["ClassPatch"]) =>
      call(api.PATCH("/api/v1/classes/{class_id}", { params: { path: { class_id: id } }, body })),
    onSuccess: async (made) => {
      // What is on its way was asked for before, and may be older than what was just saved.
      await client.cancelQueries({ queryKey: keys.classes(projectId) });
      client.setQueryData(classesQuery(projectId).queryKey, (list) =>
        list?.map((one) => (one.id === made.id ? made : one)),
      );
      return refresh();
    },
  });
  const addNames = (names: string[], after: () => void) =>
    add.mutate(
      { names },
      {
        onSuccess: (made) => {
          notifyDone(words.added(made.length));
          after();
        },
      },
    );
  return { add, addNames, update };
}
