import { Button, Group, Menu } from "@mantine/core";
import { IconChevronDown, IconPlayerPause, IconPlayerPlay, IconPlayerStop } from "@tabler/icons-react";
import type { Job } from "../../api/types";
import { jobs as words } from "../../strings/jobs";
import { useMay } from "../people/useMay";
import { UndoRun } from "../proposals/UndoRun";
import { isActive, keepsPart, usePauseJob, useResumeJob, useStopJob } from "./useJobs";

/** Stop or pause a job at work, resume one that failed, was stopped or is paused. */
export function JobActions({ job, size = "compact-sm" }: { job: Job; size?: "compact-sm" | "sm" }) {
  const stop = useStopJob();
  const pause = usePauseJob();
  const resume = useResumeJob();
  const may = useMay(job.project_id);
  if (job.state === "succeeded") return <UndoRun job={job} size={size} />;
  if (!may.steer(job)) return null;
  if (isActive(job)) {
    const busy = stop.isPending || job.stopping !== "";
    const icon = <IconPlayerStop size={16} aria-hidden />;
    if (!keepsPart(job) || job.state === "queued") {
      return (
        <Button
          size={size}
          variant="default"
          leftSection={icon}
          disabled={busy}
          onClick={() => stop.mutate({ job, keep: false })}
        >
          {busy ? words.stopping : words.stop}
        </Button>
      );
    }
    return (
      <Group gap="xs" wrap="nowrap">
        <Button
          size={size}
          variant="default"
          leftSection={<IconPlayerPause size={16} aria-hidden />}
          disabled={busy || pause.isPending}
          onClick={() => pause.mutate(job)}
        >
          {job.stopping === "pause" ? words.pausing : words.pause}
        </Button>
        <Menu>
          <Menu.Target>
            <Button
              size={size}
              variant="default"
              leftSection={icon}
              rightSection={<IconChevronDown size={14} aria-hidden />}
              disabled={busy}
            >
              {busy && job.stopping !== "pause" ? words.stopping : words.stop}
            </Button>
          </Menu.Target>
          <Menu.Dropdown>
            <Menu.Item onClick={() => stop.mutate({ job, keep: true })}>{words.stopKeep}</Menu.Item>
            <Menu.Item c="red" onClick={() => stop.mutate({ job, keep: false })}>
              {words.stopDiscard}
            </Menu.Item>
          </Menu.Dropdown>
        </Menu>
      </Group>
    );
  }
  return (
    <Group gap="xs" wrap="nowrap">
      <Button
        size={size}
        variant="default"
        leftSection={<IconPlayerPlay size={16} aria-hidden />}
        loading={resume.isPending}
        onClick={() => resume.mutate(job)}
      >
        {words.resume}
      </Button>
      {job.state === "paused" && (
        <Button
          size={size}
          variant="default"
          leftSection={<IconPlayerStop size={16} aria-hidden />}
          loading={stop.isPending}
          onClick={() => stop.mutate({ job, keep: false })}
        >
          {words.stopDiscard}
        </Button>
      )}
    </Group>
  );
}
