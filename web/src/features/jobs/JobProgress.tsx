import { Group, Stack, Text, VisuallyHidden } from "@mantine/core";
import type { Job } from "../../api/types";
import { ProgressBar } from "../../components/ProgressBar";
import { count, timeLeft } from "../../lib/format";
import { jobs as words } from "../../strings/jobs";
import { isActive } from "./useJobs";

/** Phase, share done and time left of a job at work. */
export function JobProgress({ job }: { job: Job }) {
  if (!isActive(job)) return null;
  const waiting = job.state === "queued";
  const left = waiting ? "" : timeLeft(job.seconds_left);
  const phase = job.stopping === "" ? (waiting ? words.state.queued : phaseName(job.phase)) : words.stopping;
  return (
    <Stack gap={4}>
      <ProgressBar label={words.progress(job.title)} done={waiting ? 0 : job.done} total={waiting ? 1 : job.total} />
      <Group justify="space-between" gap="sm">
        <Text size="sm" c="dimmed" className="number">
          {phase}
          {!waiting && job.total > 0 && ` · ${count(Math.floor(job.done))} / ${count(job.total)}`}
        </Text>
        <Text size="sm" c="dimmed" className="number">
          {left}
        </Text>
      </Group>
      {/* Announced in tens of a percent only; every step would be noise. */}
      <VisuallyHidden aria-live="polite">{`${phase} ${tens(job)} %`}</VisuallyHidden>
    </Stack>
  );
}

function tens(job: Job): number {
  return job.total > 0 ? Math.floor((job.done / job.total) * 10) * 10 : 0;
}

function phaseName(phase: string): string {
  return phase === "" ? words.state.running : phase.charAt(0).toUpperCase() + phase.slice(1);
}
