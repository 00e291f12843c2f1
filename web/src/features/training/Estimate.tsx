import { Alert, Button, Group, List, Stack, Text } from "@mantine/core";
import { IconStopwatch } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { jobQuery } from "../../api/queries";
import { sentence } from "../../api/client";
import type { Job } from "../../api/types";
import { Facts } from "../../components/Facts";
import { bytes, duration } from "../../lib/format";
import { training as words } from "../../strings/training";
import { JobProgress } from "../jobs/JobProgress";
import { isActive, useStartJob } from "../jobs/useJobs";
import { estimateOf } from "./estimate";
import { labelOf, type Values } from "./parameters";

interface Props {
  projectId: string;
  architecture: string;
  hyper: Values;
  disabled: boolean;
}

/** Measures time and memory of the training that the form describes, on the server's machine. */
export function Estimate({ projectId, architecture, hyper, disabled }: Props) {
  const [asked, setAsked] = useState<{ id: string; of: string } | null>(null);
  const start = useStartJob();
  const job = useQuery({ ...jobQuery(asked?.id ?? ""), enabled: asked !== null });
  const what = JSON.stringify([architecture, hyper]);
  const measure = () =>
    start.mutate(
      { kind: "estimate", project_id: projectId, architecture, hyper },
      { onSuccess: (found) => setAsked({ id: found.id, of: what }) },
    );
  const busy = start.isPending || (job.data !== undefined && isActive(job.data));
  return (
    <Stack gap="xs">
      <Group>
        <Button
          variant="default"
          leftSection={<IconStopwatch size={16} aria-hidden />}
          disabled={disabled}
          loading={busy}
          onClick={measure}
        >
          {words.estimate}
        </Button>
        {asked !== null && asked.of !== what && <Text c="dimmed">{words.estimateStale}</Text>}
      </Group>
      {job.data !== undefined && <Answer job={job.data} />}
    </Stack>
  );
}

function Answer({ job }: { job: Job }) {
  if (isActive(job)) return <JobProgress job={job} />;
  if (job.state === "failed") return <Alert color="red">{sentence(job.error ?? "")}</Alert>;
  const found = estimateOf(job);
  if (found === null) return null;
  return (
    <Stack gap="xs" role="status">
      <Facts
        facts={[
          [words.estimated.time, duration(found.seconds)],
          [
            words.estimated.memory,
            `${bytes(found.memory)}${found.available === null ? "" : ` / ${bytes(found.available)}`}`,
          ],
          ...(found.gpu === null ? [] : [[words.estimated.gpu, bytes(found.gpu)] as const]),
          [words.estimated.plan, words.estimated.planOf(found.epochs, found.steps, found.batch, found.size)],
          [words.estimated.device, found.device],
        ]}
      />
      {found.available !== null && found.memory > found.available && (
        <Alert color="orange">{words.estimated.tooMuch}</Alert>
      )}
      <List size="sm">
        {found.choices.map((choice) => (
          <List.Item key={choice.name}>
            {words.choice(labelOf(choice.name), choice.value, choice.why, choice.hint)}
          </List.Item>
        ))}
      </List>
    </Stack>
  );
}
