import { Button, Group, Stack, Text } from "@mantine/core";
import { ProgressBar } from "../../components/ProgressBar";
import { video as words } from "../../strings/video";
import { videoUploads, type Sending } from "./uploads";
import css from "./videos.module.css";

/** A video on its way to the server, in its place among the others. */
export function SendingCard({ sending: { id, file, share, problem } }: { sending: Sending }) {
  return (
    <li className={css.card}>
      <Stack gap="xs" p="md" h="100%" justify="center">
        <Text style={{ overflowWrap: "anywhere" }}>
          {problem === null ? words.uploading(file.name) : words.uploadFailed(file.name)}
        </Text>
        {problem === null ? (
          <ProgressBar label={words.uploading(file.name)} done={share} total={1} />
        ) : (
          <Text size="sm" c="red" role="alert">
            {problem}
          </Text>
        )}
        <Group gap="xs" justify="end">
          {problem !== null && (
            <Button size="compact-sm" variant="default" onClick={() => videoUploads.retry(id)}>
              {words.retry}
            </Button>
          )}
          <Button size="compact-sm" variant="default" onClick={() => videoUploads.drop(id)}>
            {problem === null ? words.stop : words.dismiss}
          </Button>
        </Group>
      </Stack>
    </li>
  );
}
