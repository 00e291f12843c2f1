import { useMutation, useQueryClient } from "@tanstack/react-query";
import { api, call } from "../../api/client";
import { keys } from "../../api/keys";
import type { Image } from "../../api/types";
import { notifyDone, notifyUndo } from "../../components/notify";
import { plural } from "../../lib/format";
import { metadata as words } from "../../strings/metadata";
import { backTo, type Described, type Fields } from "./fields";

/** The server takes this many images at a time. */
const AT_ONCE = 10_000;

async function send(projectId: string, images: readonly Described[]): Promise<number> {
  let changed = 0;
  for (let start = 0; start < images.length; start += AT_ONCE) {
    const part = images.slice(start, start + AT_ONCE).map(({ id, fields }) => ({ id, fields: { ...fields } }));
    const params = { path: { project_id: projectId } };
    const answer = await call(
      api.POST("/api/v1/projects/{project_id}/images/metadata", { params, body: { images: part } }),
    );
    changed += answer.count;
  }
  return changed;
}

export function useMetadata(projectId: string, images: readonly Image[]) {
  const client = useQueryClient();
  const refresh = () =>
    Promise.all([
      client.invalidateQueries({ queryKey: ["images", projectId] }),
      ...images.map(({ id }) => client.invalidateQueries({ queryKey: keys.image(id) })),
    ]);
  return useMutation({
    mutationFn: (fields: Fields) =>
      send(
        projectId,
        images.map(({ id }) => ({ id, fields })),
      ),
    onSuccess: async (changed, fields) => {
      if (changed === 0) notifyDone(words.none);
      else
        notifyUndo(words.done(plural(changed, "image")), async () => {
          await send(projectId, backTo(images, fields));
          await refresh();
        });
      await refresh();
    },
  });
}
