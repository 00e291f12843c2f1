/** The tags of the open image: words about all of it. */
import { TagsInput } from "@mantine/core";
import { skipToken, useQuery, useQueryClient } from "@tanstack/react-query";
import type { QueryClient } from "@tanstack/react-query";

import { api, call } from "../../api/client";
import { keys } from "../../api/keys";
import { imageQuery } from "../../api/queries";
import { show } from "../../api/show";
import type { Image } from "../../api/types";
import type { Editor } from "../../canvas";
import { tagsQuery } from "../../features/tags/queries";
import { tags as words } from "../../strings/tags";
import css from "../annotate.module.css";
import { useEditor } from "../useEditor";
import { focusCanvas } from "../useShortcuts";
import own from "./tags.module.css";

interface Props {
  readonly image: Image;
  readonly editor: Editor;
}

/** Marks the field, which the key goes to. */
const FIELD = "data-image-tags";

export const focusTags = (): void => document.querySelector<HTMLElement>(`[${FIELD}]`)?.focus();

/** What is said already, but not answered yet; null where nothing is. An answer to an older question must not hide it. */
const saying = (imageId: string) => ["sayingTags", imageId] as const;

/** Shown at once; what is said of one image is said in order, also by undo and redo. */
function say(client: QueryClient, image: Image, tags: readonly string[]): void {
  client.setQueryData(saying(image.id), tags);
  const mutation = client.getMutationCache().build(client, {
    scope: { id: `tags ${image.id}` },
    mutationFn: () => {
      const params = { path: { image_id: image.id } };
      return call(api.PATCH("/api/v1/images/{image_id}", { params, body: { tags: [...tags] } }));
    },
    onSuccess: (updated: Image) => {
      show(client, keys.image(image.id), updated);
      return client.invalidateQueries({ queryKey: keys.tags(image.project_id) });
    },
    onSettled: () => {
      if (client.getQueryData(saying(image.id)) === tags) client.setQueryData(saying(image.id), null);
    },
  });
  // What went wrong is said by the cache of mutations.
  mutation.execute(undefined).catch(() => undefined);
}

const newest = (client: QueryClient, image: Image): readonly string[] =>
  client.getQueryData<readonly string[] | null>(saying(image.id)) ??
  (client.getQueryData<Image>(keys.image(image.id)) ?? image).tags;

function useTags(image: Image): readonly string[] {
  const stored = useQuery(imageQuery(image.id)).data ?? image;
  const said = useQuery<readonly string[] | null>({
    queryKey: saying(image.id),
    queryFn: skipToken,
    initialData: null,
    structuralSharing: false,
  }).data;
  return said ?? stored.tags;
}

export function TagPanel({ image, editor }: Props) {
  const client = useQueryClient();
  const tags = useTags(image);
  const known = useQuery(tagsQuery(image.project_id)).data ?? [];
  const readOnly = useEditor(editor, (state) => state.readOnly);
  /** What was drawn may be behind what was said just now: only what is new and what is gone counts. */
  const change = (wanted: string[]): void => {
    const now = newest(client, image);
    const kept = now.filter((tag) => wanted.includes(tag) || !tags.includes(tag));
    const after = [...kept, ...wanted.filter((tag) => !tags.includes(tag) && !kept.includes(tag))];
    editor.note({ undo: () => say(client, image, now), redo: () => say(client, image, after) });
    say(client, image, after);
  };
  if (readOnly && tags.length === 0) return null;
  return (
    <section className={own.panel} aria-label={words.title} title={words.hint}>
      <div className={css.heading}>
        <h2>{words.title}</h2>
        <TagsInput
          size="xs"
          className={own.field ?? ""}
          classNames={{ pill: own.pill ?? "" }}
          aria-label={words.label}
          {...{ [FIELD]: "" }}
          placeholder={tags.length === 0 ? words.placeholder : ""}
          data={known.map(({ tag }) => tag)}
          value={[...tags]}
          onChange={change}
          maxTags={100}
          maxLength={100}
          readOnly={readOnly}
          onKeyDown={(event) => {
            if (event.key === "Escape") focusCanvas();
          }}
        />
      </div>
    </section>
  );
}
