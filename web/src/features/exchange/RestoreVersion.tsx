import { useMutation, useQueryClient } from "@tanstack/react-query";
import { api, call } from "../../api/client";
import type { DatasetVersion } from "../../api/types";
import { Confirm } from "../../components/Confirm";
import { notifyDone, notifyUndo } from "../../components/notify";
import { count, plural } from "../../lib/format";
import { versions as words } from "../../strings/versions";

interface Props {
  version: DatasetVersion;
  onClose: () => void;
}

/** Says what bringing a version back means, and does it; its message undoes it. */
export function RestoreVersion({ version, onClose }: Props) {
  const restore = useRestore(version.project_id);
  return (
    <Confirm
      opened
      title={words.restoreTitle(version.name)}
      body={words.restoreBody}
      action={words.restore}
      color="ink"
      busy={restore.isPending}
      onClose={onClose}
      onConfirm={() => restore.mutate(version.id, { onSuccess: onClose })}
    />
  );
}

function useRestore(projectId: string) {
  const client = useQueryClient();
  const send = async (id: string) => {
    const done = await call(
      api.POST("/api/v1/versions/{version_id}/restore", { params: { path: { version_id: id } } }),
    );
    await Promise.all(
      [["images", projectId], ["counts", projectId], ["versions", projectId], ["classes", projectId], ["image"]].map(
        (queryKey) => client.invalidateQueries({ queryKey }),
      ),
    );
    return done;
  };
  return useMutation({
    mutationFn: send,
    onSuccess: (done) => {
      const said = words.restored(plural(done.changed, "image"), count(done.back), count(done.trashed));
      const before = done.before_id;
      if (before === null) notifyDone(said);
      else notifyUndo(said, () => send(before));
      if (done.lost > 0) notifyDone(words.lost(plural(done.lost, "image")));
    },
  });
}
