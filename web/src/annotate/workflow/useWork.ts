/** How far the open picture is, the steps from there, and the way to the next one in the queue. */
import { queryOptions, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";

import { api, call } from "../../api/client";
import { keys } from "../../api/keys";
import { show } from "../../api/show";
import type { Work, WorkAction, WorkQueue } from "../../api/types";
import { useSession } from "../../app/session";
import { notifyDone, notifyError, notifyUndo } from "../../components/notify";
import { useRole } from "../../features/people/useMay";
import { allows } from "../../features/people/roles";
import { stepsOf, UNDO } from "../../features/workflow/steps";
import { useReviewed } from "../../features/workflow/useWork";
import { work as text } from "../../strings/work";
import type { Entry } from "../session";
import { stored } from "../useImageState";

export const workQuery = (imageId: string) =>
  queryOptions({
    queryKey: keys.work(imageId),
    queryFn: () => call(api.GET("/api/v1/images/{image_id}/work", { params: { path: { image_id: imageId } } })),
  });

interface Sent {
  readonly action: WorkAction;
  readonly note?: string;
}

async function send(imageId: string, { action, note = "" }: Sent, base_revision: number | null): Promise<Work> {
  const body = { change_id: crypto.randomUUID(), action, note, base_revision };
  return call(api.POST("/api/v1/images/{image_id}/work", { params: { path: { image_id: imageId } }, body }));
}

type Kind = "next_mine" | "next_review";
const KINDS: readonly Kind[] = ["next_mine", "next_review"];

/** What comes next at this moment. */
const askQueue = (projectId: string, but: string): Promise<WorkQueue> =>
  call(api.GET("/api/v1/projects/{project_id}/work", { params: { path: { project_id: projectId }, query: { but } } }));

type Open = (imageId: string) => unknown;

/** Sends a step once all strokes are saved; a toast takes it back, and the next picture of the queue opens. */
function useStep(projectId: string, entry: Entry | undefined, next: (after: WorkAction) => Promise<void>) {
  const client = useQueryClient();
  const refresh = () => client.invalidateQueries({ queryKey: keys.queue(projectId) });
  return useMutation({
    mutationFn: async ({ work, ...sent }: Sent & { work: Work }) => {
      if (entry === undefined || !(await stored(entry.queue))) throw new Error(text.editor.waiting);
      // Saving may itself have been a step: what is shown may be one behind, and is asked for anew.
      const now = sent.action === "submit" ? null : work.revision;
      return send(entry.image.id, sent, now);
    },
    onSuccess: (work, { action }) => {
      show(client, keys.work(work.image_id), work);
      void refresh();
      const back = UNDO[action];
      const said = text.editor.done[action];
      if (back === undefined) notifyDone(said);
      else
        notifyUndo(said, async () => {
          show(client, keys.work(work.image_id), await send(work.image_id, { action: back }, work.revision));
          await refresh();
        });
      void next(action);
    },
  });
}

export function useWork(projectId: string, imageId: string, entry: Entry | undefined, open: Open) {
  const me = useSession().data?.id ?? "";
  const role = useRole(projectId);
  const reviewed = useReviewed(projectId);
  const [asking, ask] = useState(false);
  const asked = useQuery({ ...workQuery(imageId), enabled: reviewed });
  const work = reviewed ? asked.data : undefined;
  const steps = work === undefined ? [] : stepsOf({ ...work, assignee_id: work.assignee_id ?? null }, me, role);

  const judges = allows(role, "review");
  const next = async (first: Kind, only = false): Promise<void> => {
    try {
      const queue = await askQueue(projectId, imageId);
      const target = [first, ...(only ? [] : KINDS)]
        .filter((kind) => kind === "next_mine" || judges)
        .map((kind) => queue[kind])
        .find((id) => typeof id === "string");
      if (typeof target === "string") open(target);
      else if (!only) notifyDone(text.editor.nothing);
    } catch (error) {
      notifyError(error);
    }
  };
  const step = useStep(projectId, entry, async (action) => {
    ask(false);
    if (action === "submit") await next("next_mine", true);
    if (action === "accept" || action === "return") await next("next_review", true);
  });
  const take = (action: WorkAction, note?: string): boolean => {
    if (work === undefined || !steps.includes(action)) return false;
    if (!step.isPending) step.mutate({ action, work, ...(note === undefined ? {} : { note }) });
    return true;
  };
  const toNext = (): boolean => {
    if (!reviewed) return false;
    void next(judges && work?.assignee_id !== me ? "next_review" : "next_mine");
    return true;
  };
  const askWhy = (): boolean => {
    if (!steps.includes("return")) return false;
    ask(true);
    return true;
  };
  return { reviewed, work, steps, busy: step.isPending, asking, take, toNext, askWhy, dismiss: () => ask(false) };
}

export type Working = ReturnType<typeof useWork>;
