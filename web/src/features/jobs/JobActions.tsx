import { Button, Menu } from "@mantine/core";
import { IconChevronDown, IconPlayerPlay, IconPlayerStop } from "@tabler/icons-react";
import type { Job } from "../../api/types";
import { jobs as words } from "../../strings/jobs";
import { useMay } from "../people/useMay";
import { UndoRun } from "../proposals/UndoRun";
import { isActive, useResumeJob, useStopJob } from "./useJobs";

/** Kinds whose half-done work is worth keeping. */
const KEEPS: readonly string[] = ["train", "predict", "label"];

/** Stop a job at work, resume one that failed or was stopped. */
export function JobActions({ job, size = "compact-sm" }: { job: Job; size?: "compact-sm" | "sm" }) {
  const stop = useStopJob();
  const resume = useResumeJob();
  const may = useMay(job.project_id);
  if (job.state === "succeeded") return <UndoRun job={job} size={size} />;
  if (!may.steer(job)) return null;
  if (isActive(job)) {
    const busy = stop.isPending || job.stopping !== "";
    const icon = <IconPlayerStop size={16} aria-hidden />;
    if (!KEEPS.includes(job.kind) || job.state === "queued") {
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
      <Menu>
        <Menu.Target>
          <Button
            size={size}
            variant="default"
            leftSection={icon}
            rightSection={<IconChevronDown size={14} aria-hidden />}
            disabled={busy}
          >
            {busy ? words.stopping : words.stop}
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item onClick={() => stop.mutate({ job, keep: true })}>{words.stopKeep}</Menu.Item>
          <Menu.Item c="red" onClick={() => stop.mutate({ job, keep: false })}>
            {words.stopDiscard}
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
    );
  }
  return (
    <Button
      size={size}
      variant="default"
      leftSection={<IconPlayerPlay size={16} aria-hidden />}
      loading={resume.isPending}
      onClick={() => resume.mutate(job)}
    >
      {words.resume}
    </Button>
  );
}
