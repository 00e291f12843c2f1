import { useMutation, useQueryClient } from "@tanstack/react-query";
import { api, call, type Schemas } from "../../api/client";
import { keys } from "../../api/keys";
import type { LabelClass } from "../../api/types";
import { notifyDone, notifyUndo } from "../../components/notify";
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
    onSuccess: refresh,
  });
  const remove = useMutation({
    mutationFn: (found: LabelClass) =>
      call(api.DELETE("/api/v1/classes/{class_id}", { params: { path: { class_id: found.id } } })),
    onSuccess: (_nothing, found) => {
      notifyUndo(words.removed(found.name), () => add.mutateAsync({ names: [found.name], color: found.color }));
      return refresh();
    },
  });
  /** Swap a class with its neighbour by writing both positions. */
  const move = useMutation({
    mutationFn: async ({ list, from, to }: { list: readonly LabelClass[]; from: number; to: number }) => {
      const order = [...list];
      const [taken] = order.splice(from, 1);
      if (taken === undefined) return;
      order.splice(to, 0, taken);
      for (const [position, found] of order.entries()) {
        if (found.position === position) continue;
        const params = { path: { class_id: found.id } };
        await call(api.PATCH("/api/v1/classes/{class_id}", { params, body: { position } }));
      }
    },
    onSettled: refresh,
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
  return { add, addNames, update, remove, move };
}
