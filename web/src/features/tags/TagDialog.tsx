import { Button, Group, Modal, Stack, TagsInput } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { api, call } from "../../api/client";
import { keys } from "../../api/keys";
import type { Image } from "../../api/types";
import { notifyDone, notifyUndo } from "../../components/notify";
import { plural } from "../../lib/format";
import { tags as words } from "../../strings/tags";
import { tagsQuery } from "./queries";
import { backTo, type TagChange } from "./undo";

interface Props {
  projectId: string;
  images: readonly Image[];
  opened: boolean;
  onClose: () => void;
  onDone: () => void;
}

/** The server takes this many images at a time. */
const AT_ONCE = 10_000;

async function send(projectId: string, { ids, add, remove }: TagChange): Promise<number> {
  let changed = 0;
  for (let start = 0; start < ids.length; start += AT_ONCE) {
    const body = { ids: ids.slice(start, start + AT_ONCE), add: [...add], remove: [...remove] };
    const params = { path: { project_id: projectId } };
    changed += (await call(api.POST("/api/v1/projects/{project_id}/images/tags", { params, body }))).count;
  }
  return changed;
}

function useTagging(projectId: string, images: readonly Image[]) {
  const client = useQueryClient();
  const refresh = () =>
    Promise.all([
      client.invalidateQueries({ queryKey: ["images", projectId] }),
      client.invalidateQueries({ queryKey: keys.tags(projectId) }),
    ]);
  return useMutation({
    mutationFn: (change: Pick<TagChange, "add" | "remove">) =>
      send(projectId, { ...change, ids: images.map(({ id }) => id) }),
    onSuccess: async (changed, change) => {
      if (changed === 0) notifyDone(words.none);
      else
        notifyUndo(words.done(plural(changed, "image")), async () => {
          for (const back of backTo(images, change)) await send(projectId, back);
          await refresh();
        });
      await refresh();
    },
  });
}

/** Tags that the selected images get, and others that are taken from them. */
export function TagDialog({ projectId, images, opened, onClose, onDone }: Props) {
  return (
    <Modal opened={opened} onClose={onClose} title={words.dialog(plural(images.length, "image"))}>
      <Fields projectId={projectId} images={images} onClose={onClose} onDone={onDone} />
    </Modal>
  );
}

function Fields({ projectId, images, onClose, onDone }: Omit<Props, "opened">) {
  const known = useQuery(tagsQuery(projectId)).data ?? [];
  const tagging = useTagging(projectId, images);
  const [add, setAdd] = useState<string[]>([]);
  const [remove, setRemove] = useState<string[]>([]);
  const present = [...new Set(images.flatMap(({ tags }) => tags))].sort();
  const apply = () =>
    tagging.mutate(
      { add, remove },
      {
        onSuccess: () => {
          onClose();
          onDone();
        },
      },
    );
  return (
    <Stack>
      <TagsInput
        label={words.add}
        placeholder={words.placeholder}
        data={known.map(({ tag }) => tag)}
        value={add}
        onChange={setAdd}
        maxTags={100}
        data-autofocus
      />
      {present.length > 0 && (
        <TagsInput label={words.remove} data={present} value={remove} onChange={setRemove} maxTags={100} />
      )}
      <Group justify="end">
        <Button onClick={apply} loading={tagging.isPending} disabled={add.length + remove.length === 0}>
          {words.apply}
        </Button>
      </Group>
    </Stack>
  );
}
