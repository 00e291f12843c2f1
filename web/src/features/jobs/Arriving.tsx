import { Group, Stack, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { jobsQuery } from "../../api/queries";
import { jobs as words } from "../../strings/jobs";
import { JobActions } from "./JobActions";
import { JobProgress } from "./JobProgress";
import { isActive } from "./useJobs";

interface Props {
  projectId: string;
  /** What stands here when nothing is on its way. */
  children: ReactNode;
}

/** In an empty project: the job that is filling it, or the sample that was broken off and can go on. */
export function Arriving({ projectId, children }: Props) {
  const jobs = useQuery(jobsQuery(projectId)).data ?? [];
  const active = jobs.find((job) => (job.kind === "sample" || job.kind === "import") && isActive(job));
  if (active !== undefined) {
    return (
      <Stack gap={4} ta="left" w="100%">
        <Text size="sm">{words.arriving[active.kind === "sample" ? "sample" : "import"]}</Text>
        <JobProgress job={active} />
      </Stack>
    );
  }
  const [latest] = jobs;
  if (latest?.kind !== "sample" || latest.state === "succeeded") return children;
  return (
    <Group justify="space-between" gap="sm" w="100%">
      <Text size="sm" c={latest.state === "failed" ? "red" : "dimmed"}>
        {latest.error ?? words.sampleStopped}
      </Text>
      <JobActions job={latest} />
    </Group>
  );
}
