import { useMutation, useQueryClient } from "@tanstack/react-query";
import { api, call, type Schemas } from "../../api/client";
import { keys } from "../../api/keys";
import type { Image, Job, RunUndone } from "../../api/types";
import { notifyDone, notifyUndo } from "../../components/notify";
import { plural } from "../../lib/format";
import { proposals as words } from "../../strings/proposals";
import { idsOf } from "../images/useImages";

type Review = Schemas["Review"];
/** The server takes this many ids at a time. */
const BULK = 10_000;

function parts(ids: string[] | null): (string[] | null)[] {
  if (ids === null) return [null];
  return Array.from({ length: Math.ceil(ids.length / BULK) }, (_, n) => ids.slice(n * BULK, (n + 1) * BULK));
}

function useRefreshLibrary(projectId: string) {
  const client = useQueryClient();
  return () =>
    Promise.all([
      client.invalidateQueries({ queryKey: ["images", projectId] }),
      client.invalidateQueries({ queryKey: keys.counts(projectId) }),
      client.invalidateQueries({ queryKey: ["projects"] }),
    ]);
}

/** Accept or reject many proposals at once. */
export function useReview(projectId: string) {
  const refresh = useRefreshLibrary(projectId);
  return useMutation({
    mutationFn: async (body: Review) => {
      const params = { path: { project_id: projectId } };
      const total = { proposals: 0, images: 0 };
      for (const image_ids of parts(body.image_ids ?? null)) {
        const part = { ...body, image_ids };
        const done = await call(api.POST("/api/v1/projects/{project_id}/proposals/review", { params, body: part }));
        total.proposals += done.proposals;
        total.images += done.images;
      }
      return total;
    },
    onSuccess: ({ proposals, images }, { action }) => {
      const said = action === "accept" ? words.accepted : words.rejected;
      notifyDone(said(plural(proposals, "proposal"), plural(images, "image")));
      void refresh();
    },
  });
}

function runUndone({ removed, restored, kept }: RunUndone): string {
  const back = restored > 0 ? plural(restored, "proposal") : "";
  return words.undoneToast(plural(removed, "proposal"), back) + (kept > 0 ? words.undoneKept(`${kept}`) : "");
}

function importUndone({ trashed, images, kept, kept_images }: RunUndone): string {
  const said = words.importUndone(plural(trashed, "image"), images > 0 ? plural(images, "image") : "");
  const stay = kept_images + kept;
  return said + (stay > 0 ? words.importKept(`${stay}`) : "");
}

/** Take back an auto-annotation run or an import. */
export function useUndoRun() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (job: Job) => call(api.POST("/api/v1/jobs/{job_id}/undo", { params: { path: { job_id: job.id } } })),
    onSuccess: (done, job) => {
      notifyDone(job.kind === "import" ? importUndone(done) : runUndone(done));
      const project = job.project_id ?? "";
      const stale = [["jobs", project], keys.job(job.id), ["images", project], keys.counts(project)];
      return Promise.all(stale.map((queryKey) => client.invalidateQueries({ queryKey })));
    },
  });
}

async function mark(projectId: string, ids: readonly string[], action: "empty" | "unlabeled"): Promise<number> {
  let changed = 0;
  const params = { path: { project_id: projectId } };
  for (const part of parts([...ids])) {
    const body = { ids: part ?? [], action };
    changed += (await call(api.POST("/api/v1/projects/{project_id}/images/bulk", { params, body }))).count;
  }
  return changed;
}

/** Say that there are no objects on images, or that nobody has looked yet. */
export function useMark(projectId: string) {
  const refresh = useRefreshLibrary(projectId);
  return useMutation({
    mutationFn: ({ images, action }: { images: readonly Image[]; action: "empty" | "unlabeled" }) =>
      mark(projectId, idsOf(images), action),
    onSuccess: (changed, { images, action }) => {
      const said = action === "empty" ? words.markedEmpty : words.markedUnlabeled;
      const former = idsOf(images.filter((image) => image.state !== action));
      // Proposals that were rejected by the mark are only in the history.
      if (former.length === 0 || images.some((image) => image.proposals > 0))
        notifyDone(said(plural(changed, "image")));
      else
        notifyUndo(said(plural(changed, "image")), async () => {
          await mark(projectId, former, action === "empty" ? "unlabeled" : "empty");
          await refresh();
        });
      void refresh();
    },
  });
}
