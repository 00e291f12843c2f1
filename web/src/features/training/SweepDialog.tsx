import { Button, Group, Modal, NumberInput, Stack, Text } from "@mantine/core";
import { IconZoomQuestion } from "@tabler/icons-react";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import type { Schemas } from "../../api/client";
import { training as words } from "../../strings/training";
import { useStartJob } from "../jobs/useJobs";

interface Props {
  projectId: string;
  /** The training that the form describes: what a sweep does not try stays as it says. */
  request: Omit<Schemas["TrainRequest"], "kind">;
  onClose: () => void;
}

/** Asks how long to search, and starts it. */
export function SweepDialog({ projectId, request, onClose }: Props) {
  const [minutes, setMinutes] = useState<number | string>(30);
  const [trials, setTrials] = useState<number | string>(8);
  const start = useStartJob();
  const navigate = useNavigate();
  const wrong = typeof minutes !== "number" || typeof trials !== "number" || minutes < 1 || trials < 2;
  const submit = () =>
    start.mutate(
      { ...request, kind: "sweep", minutes: Number(minutes), trials: Number(trials), space: {} },
      {
        onSuccess: (job) =>
          void navigate({ to: "/projects/$projectId/train/$jobId", params: { projectId, jobId: job.id } }),
      },
    );
  return (
    <Modal opened onClose={onClose} title={words.sweepTitle}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (!wrong) submit();
        }}
      >
        <Stack>
          <Text>{words.sweepBody}</Text>
          <NumberInput
            label={words.sweepMinutes}
            min={1}
            max={10080}
            value={minutes}
            onChange={setMinutes}
            data-autofocus
          />
          <NumberInput
            label={words.sweepTrials}
            description={words.sweepTrialsHint}
            min={2}
            max={64}
            allowDecimal={false}
            value={trials}
            onChange={setTrials}
          />
          <Group justify="end">
            <Button
              type="submit"
              disabled={wrong}
              loading={start.isPending}
              leftSection={<IconZoomQuestion size={18} aria-hidden />}
            >
              {words.sweepStart}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
