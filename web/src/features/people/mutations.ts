import { useMutation, useQueryClient } from "@tanstack/react-query";
import { api, call, type Schemas } from "../../api/client";
import { keys } from "../../api/keys";
import type { Member, Role } from "../../api/types";
import { notifyDone, notifyUndo } from "../../components/notify";
import { people as words } from "../../strings/people";

/** Making and changing the users of the installation; for administrators. */
export function useUserChanges() {
  const client = useQueryClient();
  const refresh = () =>
    Promise.all([keys.users, keys.signIn, keys.audit()].map((queryKey) => client.invalidateQueries({ queryKey })));
  const create = useMutation({
    meta: { quiet: true },
    mutationFn: (body: Schemas["NewUser"]) => call(api.POST("/api/v1/users", { body })),
    onSuccess: (user) => {
      notifyDone(words.created(user.name));
      void refresh();
    },
  });
  const update = useMutation({
    mutationFn: ({ id, ...body }: { id: string } & Schemas["UserPatch"]) =>
      call(api.PATCH("/api/v1/users/{user_id}", { params: { path: { user_id: id } }, body })),
    onSuccess: refresh,
  });
  return { create, update };
}

/** Adding, changing and removing the members of a project; for its managers. */
export function useMemberChanges(projectId: string) {
  const client = useQueryClient();
  const path = { project_id: projectId };
  const refresh = () =>
    Promise.all(
      [keys.members(projectId), keys.audit(projectId)].map((queryKey) => client.invalidateQueries({ queryKey })),
    );
  const add = useMutation({
    meta: { quiet: true },
    mutationFn: (body: Schemas["NewMember"]) =>
      call(api.POST("/api/v1/projects/{project_id}/members", { params: { path }, body })),
    onSuccess: (member) => {
      notifyDone(words.memberAdded(member.name, words.roles[member.role].name));
      void refresh();
    },
  });
  const set = useMutation({
    mutationFn: ({ user_id, role }: { user_id: string; role: Role }) =>
      call(
        api.PUT("/api/v1/projects/{project_id}/members/{user_id}", {
          params: { path: { ...path, user_id } },
          body: { role },
        }),
      ),
    onSettled: refresh,
  });
  const remove = useMutation({
    mutationFn: ({ user_id }: Member) =>
      call(api.DELETE("/api/v1/projects/{project_id}/members/{user_id}", { params: { path: { ...path, user_id } } })),
    onSuccess: (_nothing, member) => {
      notifyUndo(words.removed(member.name), () => set.mutateAsync(member));
      return refresh();
    },
  });
  return { add, set, remove };
}
