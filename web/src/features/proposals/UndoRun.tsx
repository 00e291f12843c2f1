import { Button, Text } from "@mantine/core";
import { IconArrowBackUp } from "@tabler/icons-react";
import type { Job } from "../../api/types";
import { proposals as words } from "../../strings/proposals";
import { useMay } from "../people/useMay";
import { outcomeOf } from "./outcome";
import { useUndoRun } from "./useProposals";

interface Props {
  job: Job;
  size: "compact-sm" | "sm";
  /** Called once the run is taken back. */
  onDone?: () => void;
}

/** Takes an auto-annotation run or an import back; nothing for other jobs, or where nothing is left to take back. */
export function UndoRun({ job, size, onDone }: Props) {
  const undo = useUndoRun();
  const may = useMay(job.project_id);
  const run = outcomeOf(job);
  if (run === undefined || run.undone) return null;
  const imported = run.kind === "import";
  if (!(imported ? may("manage") : may.steer(job) || may("review"))) return null;
  return (
    <Button
      size={size}
      variant="default"
      leftSection={<IconArrowBackUp size={16} aria-hidden />}
      title={imported ? words.undoImportHint : words.undoHint}
      loading={undo.isPending}
      onClick={() => undo.mutate(job, { onSuccess: () => onDone?.() })}
    >
      {words.undo}
    </Button>
  );
}

/** What an auto-annotation run or an import made, in a line. */
export function RunOutcome({ job }: { job: Job }) {
  const run = outcomeOf(job);
  if (run === undefined) return null;
  return (
    <Text size="sm" c="dimmed">
      {run.undone ? words.undone : run.text}
    </Text>
  );
}
