import { useMutation, useQueryClient } from "@tanstack/react-query";
import { api, call } from "../../api/client";
import type { Video } from "../../api/types";
import { notifyUndo } from "../../components/notify";
import { video as words } from "../../strings/video";

const path = (id: string) => ({ params: { path: { video_id: id } } });

/** Rename, delete with undo, restore; the lists are asked anew after each. */
export function useVideoMutations(projectId: string) {
  const client = useQueryClient();
  const refresh = () => client.invalidateQueries({ queryKey: ["videos", projectId] });
  const restore = useMutation({
    mutationFn: (video: Video) => call(api.POST("/api/v1/videos/{video_id}/restore", path(video.id))),
    onSuccess: refresh,
  });
  const rename = useMutation({
    mutationFn: ({ id, name }: { id: string; name: string }) =>
      call(api.PATCH("/api/v1/videos/{video_id}", { ...path(id), body: { name } })),
    onSuccess: refresh,
  });
  const remove = useMutation({
    mutationFn: (video: Video) => call(api.DELETE("/api/v1/videos/{video_id}", path(video.id))),
    onSuccess: (_, video) => {
      notifyUndo(words.removed(video.name), () => restore.mutateAsync(video));
      return refresh();
    },
  });
  return { rename, remove, restore };
}
