/** Whether a picture has objects, has none, or was not looked at yet; and the way to say that it has none. */
import { useIsMutating, useQuery, useQueryClient } from "@tanstack/react-query";
import type { QueryClient } from "@tanstack/react-query";

import { api, call } from "../api/client";
import { keys } from "../api/keys";
import { imageQuery } from "../api/queries";
import { show } from "../api/show";
import type { Image, ImageState } from "../api/types";
import { isProposal } from "../canvas";
import type { Annotation, Editor } from "../canvas";
import { notifyDone } from "../components/notify";
import { review as text } from "../strings/review";
import type { Entry } from "./session";
import type { SyncQueue } from "./sync/queue";
import { useOfAnnotations } from "./useEditor";

export interface Looked {
  readonly state: ImageState;
  readonly busy: boolean;
  /** Says that there are no objects, or takes it back. */
  readonly toggle: () => void;
}

/** What is drawn here counts at once, before the server has heard of it. */
export const stateOf = (objects: readonly Annotation[], stored: ImageState): ImageState =>
  objects.some((one) => !isProposal(one)) ? "labeled" : stored === "empty" ? "empty" : "unlabeled";

/** Waits until the server has everything; false where that cannot be now. */
export async function stored(queue: SyncQueue): Promise<boolean> {
  await queue.flush();
  const isUnderWay = (): boolean => queue.status.state === "waiting" || queue.status.state === "saving";
  if (isUnderWay()) {
    await new Promise<void>((resolve) => {
      const stop = queue.subscribe(() => {
        if (isUnderWay()) return;
        stop();
        resolve();
      });
    });
  }
  return queue.status.state === "saved";
}

const marking = (imageId: string) => ["mark", imageId] as const;

/** Says whether a picture has no objects; what is said of one picture is said in order, also by undo and redo. */
function say(client: QueryClient, { image, queue }: Entry, state: "empty" | "unlabeled"): void {
  const mutation = client.getMutationCache().build(client, {
    mutationKey: marking(image.id),
    scope: { id: `mark ${image.id}` },
    mutationFn: async () => {
      if (!(await stored(queue))) throw new Error(text.empty.waiting);
      const params = { path: { image_id: image.id } };
      return call(api.PATCH("/api/v1/images/{image_id}", { params, body: { state } }));
    },
    onSuccess: (updated: Image) => show(client, keys.image(image.id), updated),
  });
  // What went wrong is said by the cache of mutations.
  mutation.execute(undefined).catch(() => undefined);
}

export function useImageState(imageId: string, editor: Editor, entry: Entry | undefined): Looked {
  const client = useQueryClient();
  // The rest of an image is another after each save.
  const known = useQuery({ ...imageQuery(imageId), select: (image) => image.state }).data ?? entry?.image.state;
  const state = useOfAnnotations(editor, (annotations) => stateOf(annotations, known ?? "unlabeled"));
  const busy = useIsMutating({ mutationKey: marking(imageId) }) > 0;
  const toggle = (): void => {
    if (editor.state.readOnly) return;
    if (state === "labeled") {
      notifyDone(text.empty.blocked);
    } else if (entry && !busy) {
      const before = state === "empty" ? ("empty" as const) : ("unlabeled" as const);
      const after = before === "empty" ? ("unlabeled" as const) : ("empty" as const);
      // The rejection is ours, so that undo knows it; the server would do the same.
      editor.mark({ undo: () => say(client, entry, before), redo: () => say(client, entry, after) });
      say(client, entry, after);
    }
  };
  return { state, busy, toggle };
}
