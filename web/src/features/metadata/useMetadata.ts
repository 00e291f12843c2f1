import { useMutation, useQueryClient } from "@tanstack/react-query";
import { api, call } from "../../api/client";
import { keys } from "../../api/keys";
import type { Image } from "../../api/types";
import { notifyDone, notifyUndo } from "../../components/notify";
import { plural } from "../../lib/format";
import { metadata as words } from "../../strings/metadata";
import { changed, isSame, type Fields } from "./fields";

/** What an image said before, to take a change back. */
interface Before {
  readonly id: string;
  readonly fields: Fields;
}

const paramsOf = (id: string) => ({ path: { image_id: id } });

const put = (id: string, fields: Fields) =>
  call(api.PATCH("/api/v1/images/{image_id}", { params: paramsOf(id), body: { metadata: { ...fields } } }));

/** Change the fields of images one after the other, on what they say by now; returns what was changed. */
async function change(images: readonly Image[], wanted: Fields): Promise<Before[]> {
  const before: Before[] = [];
  for (const { id } of images) {
    const { metadata } = await call(api.GET("/api/v1/images/{image_id}", { params: paramsOf(id) }));
    const fields = metadata ?? {};
    const after = changed(fields, wanted);
    if (isSame(fields, after)) continue;
    await put(id, after);
    before.push({ id, fields });
  }
  return before;
}

export function useMetadata(projectId: string, images: readonly Image[]) {
  const client = useQueryClient();
  const refresh = async (ids: readonly string[]) => {
    await client.invalidateQueries({ queryKey: ["images", projectId] });
    await Promise.all(ids.map((id) => client.invalidateQueries({ queryKey: keys.image(id) })));
  };
  return useMutation({
    mutationFn: (wanted: Fields) => change(images, wanted),
    onSuccess: (before) => {
      if (before.length === 0) notifyDone(words.none);
      else
        notifyUndo(words.done(plural(before.length, "image")), async () => {
          for (const { id, fields } of before) await put(id, fields);
          await refresh(before.map(({ id }) => id));
        });
    },
    onSettled: () => refresh(images.map(({ id }) => id)),
  });
}
