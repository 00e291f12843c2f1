import { useMutation, useQueryClient } from "@tanstack/react-query";
import { api, call } from "../../api/client";
import { keys } from "../../api/keys";
import type { Image, Split } from "../../api/types";
import { notifyDone, notifyUndo } from "../../components/notify";
import { plural } from "../../lib/format";
import { common } from "../../strings/common";
import { images as words } from "../../strings/images";

/** The server takes this many ids at a time. */
const BULK = 10_000;

type Action = "move" | "trash" | "restore" | "delete";

async function bulk(projectId: string, ids: readonly string[], action: Action, split?: Split): Promise<number> {
  let changed = 0;
  for (let start = 0; start < ids.length; start += BULK) {
    const body = { ids: ids.slice(start, start + BULK), action, ...(split === undefined ? {} : { split }) };
    const answer = await call(
      api.POST("/api/v1/projects/{project_id}/images/bulk", { params: { path: { project_id: projectId } }, body }),
    );
    changed += answer.count;
  }
  return changed;
}

/** Actions on many images; what can be taken back is taken back from a toast. */
export function useBulk(projectId: string) {
  const client = useQueryClient();
  const refresh = () =>
    Promise.all([
      client.invalidateQueries({ queryKey: ["images", projectId] }),
      client.invalidateQueries({ queryKey: keys.counts(projectId) }),
      client.invalidateQueries({ queryKey: ["projects"] }),
    ]);
  const move = useMutation({
    mutationFn: ({ images, split }: { images: readonly Image[]; split: Split }) =>
      bulk(projectId, idsOf(images), "move", split),
    onSuccess: (changed, { images, split }) => {
      notifyUndo(words.moved(plural(changed, "image"), common.split[split]), async () => {
        for (const [former, group] of bySplit(images)) await bulk(projectId, idsOf(group), "move", former);
        await refresh();
      });
      void refresh();
    },
  });
  const trash = useMutation({
    mutationFn: (images: readonly Image[]) => bulk(projectId, idsOf(images), "trash"),
    onSuccess: (changed, images) => {
      notifyUndo(words.trashed(plural(changed, "image")), async () => {
        await bulk(projectId, idsOf(images), "restore");
        await refresh();
      });
      void refresh();
    },
  });
  const restore = useMutation({
    mutationFn: (images: readonly Image[]) => bulk(projectId, idsOf(images), "restore"),
    onSuccess: (changed) => {
      notifyDone(words.restored(plural(changed, "image")));
      void refresh();
    },
  });
  const remove = useMutation({
    mutationFn: (images: readonly Image[]) => bulk(projectId, idsOf(images), "delete"),
    onSuccess: (changed) => {
      notifyDone(words.deleted(plural(changed, "image")));
      void refresh();
    },
  });
  return { move, trash, restore, remove };
}

export function idsOf(images: readonly Image[]): string[] {
  return images.map((image) => image.id);
}

/** Images grouped by the split they were in. */
export function bySplit(images: readonly Image[]): Map<Split, Image[]> {
  const groups = new Map<Split, Image[]>();
  for (const image of images) groups.set(image.split, [...(groups.get(image.split) ?? []), image]);
  return groups;
}
