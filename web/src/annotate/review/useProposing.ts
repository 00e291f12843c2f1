/** Auto-annotation of the open picture: a job on the server whose proposals arrive while one looks on. */
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";

import { api, call } from "../../api/client";
import { keys } from "../../api/keys";
import { jobQuery } from "../../api/queries";
import { show } from "../../api/show";
import type { Job } from "../../api/types";
import type { Editor } from "../../canvas";
import { notifyDone, notifyError, notifyUndo } from "../../components/notify";
import { review } from "../../strings/review";
import type { Entry } from "../session";
import { stored } from "../useImageState";

const { auto: text } = review;

export interface Wish {
  readonly modelId: string;
  /** One for all classes; null takes the model's own. */
  readonly threshold: number | null;
  /** Makes classes that the project does not have. */
  readonly create: boolean;
}

export interface Proposing {
  /** The run on this picture, until it has ended. */
  readonly job: Job | undefined;
  readonly starting: boolean;
  readonly start: (wish: Wish) => void;
}

const isOver = (job: Job): boolean => job.state !== "queued" && job.state !== "running";

export function useProposing(projectId: string, entry: Entry | undefined, editor: Editor): Proposing {
  const client = useQueryClient();
  const imageId = entry?.image.id;
  const [run, setRun] = useState<{ id: string; imageId: string } | null>(null);
  const told = useRef("");
  const job = useQuery({ ...jobQuery(run?.id ?? ""), enabled: run !== null }).data;
  const { mutate, isPending } = useMutation({
    mutationFn: async ({ modelId, threshold, create }: Wish) => {
      if (!entry) throw new Error(review.empty.waiting);
      await stored(entry.queue);
      const wish = {
        model_id: modelId,
        threshold,
        create_classes: create,
        shape: "outline" as const,
        only_unlabeled: false,
        image_ids: [entry.image.id],
      };
      return call(api.POST("/api/v1/jobs", { body: { kind: "label", project_id: projectId, ...wish } }));
    },
    onSuccess: (started) => {
      show(client, keys.job(started.id), started);
      if (imageId !== undefined) setRun({ id: started.id, imageId });
    },
  });

  useEffect(() => {
    if (!run || job?.id !== run.id || !isOver(job) || told.current === job.id) return;
    told.current = job.id;
    const isHere = imageId === run.imageId;
    void (async () => {
      if (isHere) await entry?.queue.refresh();
      tell(job, () => call(api.POST("/api/v1/jobs/{job_id}/undo", { params: { path: { job_id: job.id } } })));
      if (isHere && editor.selected.size === 0) editor.cycleProposal(1);
    })();
  }, [run, job, entry, imageId, editor]);

  const going = job && run?.imageId === imageId && job.id === run?.id && !isOver(job) ? job : undefined;
  return { job: going, starting: isPending, start: mutate };
}

function tell(job: Job, undo: () => unknown): void {
  const made = Number(job.result?.["proposals"] ?? 0);
  if (job.state === "failed") notifyError(new Error(job.error ?? ""), text.failed);
  else if (job.state === "succeeded" && made > 0) notifyUndo(text.found(made), undo);
  else if (job.state === "succeeded") notifyDone(text.nothing);
}
