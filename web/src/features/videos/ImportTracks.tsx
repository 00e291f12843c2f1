import { Alert, Button, FileButton, Group, List, Stack, Text } from "@mantine/core";
import { IconCheck, IconFileImport } from "@tabler/icons-react";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { api, call } from "../../api/client";
import type { Video } from "../../api/types";
import { ErrorBox } from "../../components/ErrorBox";
import { ProgressBar } from "../../components/ProgressBar";
import { exchange } from "../../strings/exchange";
import { video as words } from "../../strings/video";
import { useUploads } from "../exchange/useUploads";

/** Brings tracks in from MOT, CVAT or COCO; all of them are one change of the video. */
export function ImportTracks({ video, onClose }: { video: Video; onClose: () => void }) {
  const client = useQueryClient();
  const upload = useUploads();
  const take = useMutation({
    meta: { quiet: true },
    mutationFn: async (file: File) => {
      const { upload_id } = await upload.send.mutateAsync([file]);
      const params = { path: { video_id: video.id } };
      return call(api.POST("/api/v1/videos/{video_id}/import", { params, body: { upload_id, format: "auto" } }));
    },
    onSuccess: () => client.invalidateQueries({ queryKey: ["videos", video.project_id] }),
  });
  if (take.isPending) return <ProgressBar label={words.importing} done={upload.share} total={1} />;
  if (take.data !== undefined) {
    const { tracks, keyframes, notes, problems, problem_count } = take.data;
    return (
      <Stack>
        <Alert color="green" icon={<IconCheck aria-hidden />} title={words.imported(tracks, keyframes)} role="status" />
        {[...notes, ...problems.map(({ file, message }) => `${file}: ${message}`)].length > 0 && (
          <List size="sm">
            {notes.map((note) => (
              <List.Item key={note}>{note}</List.Item>
            ))}
            {problems.slice(0, 50).map((problem, index) => (
              <List.Item key={index}>{`${problem.file}: ${problem.message}`}</List.Item>
            ))}
          </List>
        )}
        {problem_count > 50 && <Text size="sm">{exchange.moreProblems(String(problem_count - 50))}</Text>}
        <Group justify="end">
          <Button onClick={onClose} data-autofocus>
            {words.dismiss}
          </Button>
        </Group>
      </Stack>
    );
  }
  return (
    <Stack>
      <Text>{words.importHint}</Text>
      {take.isError && <ErrorBox title={exchange.failed} error={take.error} />}
      <Group justify="end">
        <FileButton onChange={(file) => file && take.mutate(file)} inputProps={{ "aria-label": words.importChoose }}>
          {(props) => (
            <Button {...props} leftSection={<IconFileImport size={16} aria-hidden />}>
              {words.importChoose}
            </Button>
          )}
        </FileButton>
      </Group>
    </Stack>
  );
}
