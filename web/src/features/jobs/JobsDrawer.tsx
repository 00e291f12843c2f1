import { Drawer, Group, Paper, Stack, Text, Title } from "@mantine/core";
import { IconActivity } from "@tabler/icons-react";
import { sentence } from "../../api/client";
import type { Job } from "../../api/types";
import { Empty } from "../../components/Empty";
import { ErrorBox } from "../../components/ErrorBox";
import { Busy, Lines } from "../../components/Loaded";
import { Time } from "../../components/Time";
import { between, duration } from "../../lib/format";
import { jobs as words } from "../../strings/jobs";
import { JobActions } from "./JobActions";
import { JobLink } from "./JobLink";
import { JobProgress } from "./JobProgress";
import { StateBadge } from "./StateBadge";
import { RunOutcome } from "../proposals/UndoRun";
import { isActive, useJobs } from "./useJobs";

interface Props {
  projectId: string | undefined;
  opened: boolean;
  onClose: () => void;
}

/** All jobs, from everywhere: those at work first, with progress, time left and stop. */
export function JobsDrawer({ projectId, opened, onClose }: Props) {
  return (
    <Drawer
      opened={opened}
      onClose={onClose}
      position="right"
      size="md"
      title={projectId === undefined ? words.chooseProject : words.title}
    >
      <JobList projectId={projectId} onClose={onClose} />
    </Drawer>
  );
}

function JobList({ projectId, onClose }: { projectId: string | undefined; onClose: () => void }) {
  const { jobs, isPending, error, refetch } = useJobs(projectId);
  if (error !== null && jobs.length === 0) return <ErrorBox error={error} onRetry={refetch} />;
  if (isPending && jobs.length === 0) {
    return (
      <Busy>
        <Lines />
      </Busy>
    );
  }
  if (jobs.length === 0) {
    return (
      <Empty icon={IconActivity} title={words.emptyTitle}>
        {words.emptyBody}
      </Empty>
    );
  }
  const active = jobs.filter(isActive);
  const finished = jobs.filter((job) => !isActive(job));
  return (
    <Stack>
      <Section title={words.active} jobs={active} onClose={onClose} empty={words.noneActive} />
      {finished.length > 0 && <Section title={words.finished} jobs={finished} onClose={onClose} />}
    </Stack>
  );
}

interface SectionProps {
  title: string;
  jobs: readonly Job[];
  onClose: () => void;
  empty?: string;
}

function Section({ title, jobs, onClose, empty }: SectionProps) {
  return (
    <Stack gap="sm" component="section" aria-label={title}>
      <Title order={3}>{title}</Title>
      {jobs.length === 0 && <Text c="dimmed">{empty}</Text>}
      {jobs.map((job) => (
        <JobCard key={job.id} job={job} onClose={onClose} />
      ))}
    </Stack>
  );
}

function JobCard({ job, onClose }: { job: Job; onClose: () => void }) {
  return (
    <Paper p="sm" component="article" aria-label={job.title}>
      <Stack gap={6}>
        <Group justify="space-between" wrap="nowrap" gap="sm" align="start">
          <div style={{ minWidth: 0 }}>
            <Text fw={600} style={{ overflowWrap: "anywhere" }}>
              {job.title === "" ? (words.kind[job.kind] ?? job.kind) : job.title}
            </Text>
            <Text size="sm" c="dimmed">
              {words.kind[job.kind] ?? job.kind} · <Time value={job.finished_at ?? job.started_at ?? job.created_at} />
              {job.finished_at !== null &&
                job.started_at !== null &&
                ` · ${words.took(duration(between(job.started_at, job.finished_at)))}`}
            </Text>
          </div>
          <StateBadge job={job} />
        </Group>
        <JobProgress job={job} />
        <RunOutcome job={job} />
        {job.error !== null && (
          <Text size="sm" c="red" style={{ overflowWrap: "anywhere" }}>
            {sentence(job.error)}
          </Text>
        )}
        <Group gap="sm" justify="end">
          <JobActions job={job} />
          <JobLink job={job} onOpen={onClose} />
        </Group>
      </Stack>
    </Paper>
  );
}
