/** What is written into the fields of the open image: shown at once, saved in order, also by undo and redo. */
import { skipToken, useQuery } from "@tanstack/react-query";
import type { QueryClient } from "@tanstack/react-query";

import { api, call } from "../../api/client";
import { keys } from "../../api/keys";
import { imageQuery } from "../../api/queries";
import type { Image } from "../../api/types";
import type { Fields } from "../../features/metadata/fields";

/** What is written already, but not answered yet; null where nothing is. */
const saying = (imageId: string) => ["sayingMetadata", imageId] as const;

/** Fields with others in their place; an empty value takes a field away. */
export const withFields = (fields: Fields, change: Fields): Fields =>
  Object.fromEntries(Object.entries({ ...fields, ...change }).filter(([, value]) => value !== ""));

export const newest = (client: QueryClient, image: Image): Fields =>
  client.getQueryData<Fields | null>(saying(image.id)) ??
  (client.getQueryData<Image>(keys.image(image.id)) ?? image).metadata ??
  {};

export function say(client: QueryClient, image: Image, change: Fields): void {
  const after = withFields(newest(client, image), change);
  client.setQueryData(saying(image.id), after);
  const mutation = client.getMutationCache().build(client, {
    scope: { id: `metadata ${image.id}` },
    mutationFn: () =>
      call(
        api.POST("/api/v1/projects/{project_id}/images/metadata", {
          params: { path: { project_id: image.project_id } },
          body: { images: [{ id: image.id, fields: { ...change } }] },
        }),
      ),
    onSuccess: () => {
      client.setQueryData<Image>(
        keys.image(image.id),
        (now) => now && { ...now, metadata: { ...withFields(now.metadata ?? {}, change) } },
      );
      return Promise.all([
        client.invalidateQueries({ queryKey: keys.image(image.id), exact: true }),
        client.invalidateQueries({ queryKey: ["images", image.project_id] }),
      ]);
    },
    onSettled: () => {
      if (client.getQueryData(saying(image.id)) === after) client.setQueryData(saying(image.id), null);
    },
  });
  // What went wrong is said by the cache of mutations.
  mutation.execute(undefined).catch(() => undefined);
}

export function useFields(image: Image): Fields {
  const stored = useQuery(imageQuery(image.id)).data ?? image;
  const said = useQuery<Fields | null>({
    queryKey: saying(image.id),
    queryFn: skipToken,
    initialData: null,
    structuralSharing: false,
  }).data;
  return said ?? stored.metadata ?? {};
}
