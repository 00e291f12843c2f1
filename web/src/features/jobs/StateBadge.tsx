import { Badge } from "@mantine/core";
import type { Job } from "../../api/types";
import { jobs as words } from "../../strings/jobs";

const COLORS = {
  queued: "gray",
  running: "ink",
  paused: "yellow",
  succeeded: "green",
  failed: "red",
  cancelled: "orange",
} as const;

/** The state of a job as a word with a colour. */
export function StateBadge({ job }: { job: Job }) {
  return (
    <Badge color={COLORS[job.state]} fw={600} style={{ flex: "none" }}>
      {words.state[job.state]}
    </Badge>
  );
}
