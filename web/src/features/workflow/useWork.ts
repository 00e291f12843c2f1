import { queryOptions, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { api, call } from "../../api/client";
import { keys } from "../../api/keys";
import { projectQuery } from "../../api/queries";
import type { Image, WorkQueue, WorkState } from "../../api/types";
import { useSession } from "../../app/session";
import { notifyDone, notifyUndo } from "../../components/notify";
import { work as words } from "../../strings/work";
import { filterBody, type ImageFilter } from "../images/filter";
import { membersQuery } from "../people/queries";
import { allows } from "../people/roles";

export const STATES: readonly WorkState[] = ["new", "in_work", "submitted", "accepted", "returned"];
/** What its person still has to do something about. */
export const OPEN: readonly WorkState[] = ["returned", "in_work", "new"];

/** What waits for whom; with `but`, the next images are others than this one. */
export const queueQuery = (projectId: string, but?: string) =>
  queryOptions({
    queryKey: keys.queue(projectId, but),
    queryFn: () =>
      call(
        api.GET("/api/v1/projects/{project_id}/work", {
          params: { path: { project_id: projectId }, query: but === undefined ? {} : { but } },
        }),
      ),
  });

/** Whether images of the project are assigned and reviewed; who works alone never meets it. */
export function useReviewed(projectId: string): boolean {
  return useQuery(projectQuery(projectId)).data?.reviewed === true;
}

export interface Person {
  readonly id: string;
  readonly name: string;
}

/** Who can be given images: members who may annotate, and an administrator who looks. */
export function usePeople(projectId: string): { readonly names: ReadonlyMap<string, string>; readonly able: Person[] } {
  const me = useSession().data;
  const members = useQuery(membersQuery(projectId)).data ?? [];
  const names = new Map(members.map(({ user_id, name }) => [user_id, name]));
  const able = members
    .filter(({ role, disabled }) => !disabled && allows(role, "annotate"))
    .map(({ user_id, name }) => ({ id: user_id, name }));
  if (me?.admin === true && !names.has(me.id)) {
    names.set(me.id, me.name);
    able.push({ id: me.id, name: me.name });
  }
  return { names, able };
}

/** How many images of these people are in one of these states. */
export function countOf(queue: WorkQueue | undefined, who: string | null, states: readonly WorkState[]): number {
  const rows = queue?.counts.filter(({ assignee_id, state }) => assignee_id === who && states.includes(state)) ?? [];
  return rows.reduce((sum, { images }) => sum + images, 0);
}

export interface Assigning {
  readonly people: readonly Person[];
  /** The selected images; without them all that the filter shows. */
  readonly images?: readonly Image[] | undefined;
  readonly filter?: ImageFilter;
}

function assign(projectId: string, userIds: readonly string[], image_ids: string[] | null, filter: ImageFilter = {}) {
  const body = { user_ids: [...userIds], image_ids, query: filterBody(filter) };
  return call(
    api.POST("/api/v1/projects/{project_id}/assignments", { params: { path: { project_id: projectId } }, body }),
  );
}

/** Gives images to people; for selected images a toast takes it back. */
export function useAssign(projectId: string) {
  const client = useQueryClient();
  const refresh = () =>
    Promise.all(
      [["images", projectId], keys.queue(projectId), ["image"]].map((queryKey) =>
        client.invalidateQueries({ queryKey }),
      ),
    );
  return useMutation({
    mutationFn: ({ people, images, filter }: Assigning) => {
      const ids = images?.map(({ id }) => id) ?? null;
      return assign(
        projectId,
        people.map(({ id }) => id),
        ids,
        filter,
      );
    },
    onSuccess: ({ changed }, { people, images }) => {
      const who = people.map(({ name }) => name).join(", ");
      const said = people.length === 0 ? words.assign.taken(changed) : words.assign.done(changed, who);
      if (changed === 0) notifyDone(words.assign.same);
      else if (images === undefined) notifyDone(said);
      else
        notifyUndo(said, async () => {
          for (const [former, ids] of byAssignee(images)) await assign(projectId, former === null ? [] : [former], ids);
          await refresh();
        });
      void refresh();
    },
  });
}

/** Ids of images grouped by whom they belonged to. */
export function byAssignee(images: readonly Image[]): Map<string | null, string[]> {
  const groups = new Map<string | null, string[]>();
  for (const { id, assignee_id } of images) {
    groups.set(assignee_id ?? null, [...(groups.get(assignee_id ?? null) ?? []), id]);
  }
  return groups;
}
