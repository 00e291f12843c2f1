import { Button, Group, Stack, Text } from "@mantine/core";
import { IconCloudDown } from "@tabler/icons-react";
import { plural } from "../../lib/format";
import { originals as words } from "../../strings/originals";
import { JobActions } from "../jobs/JobActions";
import { JobProgress } from "../jobs/JobProgress";
import { isActive, useJobs } from "../jobs/useJobs";
import { useCopyIn } from "./useOriginals";

interface Props {
  projectId: string;
  /** How many images lie elsewhere. */
  images: number;
  fixed: boolean;
}

/** Copies all images of a project in, and shows how far that is. */
export function CopyInSetting({ projectId, images, fixed }: Props) {
  const { copy, pending } = useCopyIn(projectId);
  const active = useJobs(projectId).jobs.find((job) => job.kind === "copy_in" && isActive(job));
  if (active !== undefined) {
    return (
      <Stack gap="sm">
        <Group justify="space-between">
          <Text c="dimmed">{words.stops}</Text>
          <JobActions job={active} />
        </Group>
        <JobProgress job={active} />
      </Stack>
    );
  }
  if (images === 0) return <Text c="dimmed">{words.none}</Text>;
  return (
    <Stack gap="sm" align="start">
      <Text c="dimmed">{words.some(plural(images, "image"))}</Text>
      <Button
        variant="default"
        leftSection={<IconCloudDown size={16} aria-hidden />}
        title={words.copyInHint}
        disabled={fixed}
        loading={pending}
        onClick={() => copy([], images)}
      >
        {words.copyAll}
      </Button>
    </Stack>
  );
}
