import { Alert, Button, Group, Modal, Select, Stack, Text } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconDownload } from "@tabler/icons-react";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { sentence } from "../../api/client";
import { architecturesQuery, jobQuery, startingWeightsQuery } from "../../api/queries";
import type { Architecture, Task } from "../../api/types";
import { training as words } from "../../strings/training";
import { JobProgress } from "../jobs/JobProgress";
import { isActive, useStartJob } from "../jobs/useJobs";

interface Props {
  projectId: string;
  task: Task;
  architecture: string;
  onArchitecture: (name: string) => void;
}

/** Which network learns, what it is, and its weights where it cannot begin without. */
export function ArchitectureField({ projectId, task, architecture, onArchitecture }: Props) {
  const all = useQuery(architecturesQuery);
  const about = all.data?.find((one) => one.name === architecture);
  const fitting = (all.data ?? []).filter((one) => one.task === task);
  const groups = [true, false].map((own) => ({
    group: own ? words.fromNothing : words.fromLearned,
    items: fitting
      .filter((one) => one.starts_empty === own)
      .map((one) => ({ value: one.name, label: words.architectureLabels[one.name] ?? one.title })),
  }));
  return (
    <Stack gap="xs">
      <Select
        label={words.architecture}
        description={about === undefined ? words.architectureHint : words.about(about)}
        data={groups.filter((group) => group.items.length > 0)}
        value={architecture}
        allowDeselect={false}
        onChange={(name) => {
          if (name !== null) onArchitecture(name);
        }}
      />
      {about !== undefined && !about.starts_empty && <Weights projectId={projectId} about={about} />}
    </Stack>
  );
}

/** Whether a network can begin: with a model (`weights`), from nothing, or with learned weights that are here. */
export function useCanBegin(architecture: string, model: string): boolean {
  const all = useQuery(architecturesQuery);
  const weights = useQuery(startingWeightsQuery);
  const about = all.data?.find((one) => one.name === architecture);
  if (model !== "" || about === undefined || about.starts_empty) return true;
  return (weights.data ?? []).some((one) => one.architecture === architecture);
}

function Weights({ projectId, about }: { projectId: string; about: Architecture }) {
  const here = useCanBegin(about.name, "");
  const [jobId, setJobId] = useState<string | null>(null);
  const [asking, { open, close }] = useDisclosure(false);
  const job = useQuery({ ...jobQuery(jobId ?? ""), enabled: jobId !== null });
  const start = useStartJob();
  const client = useQueryClient();
  const state = job.data?.state;
  const hub = about.hub ?? null;
  useEffect(() => {
    if (state === "succeeded") void client.invalidateQueries(startingWeightsQuery);
  }, [client, state]);
  if (here) return <Text size="sm">{words.weightsHere}</Text>;
  if (job.data !== undefined && isActive(job.data)) return <JobProgress job={job.data} />;
  const fetch = () => {
    close();
    start.mutate(
      { kind: "fetch", project_id: projectId, architecture: about.name, accept_licence: about.licence },
      { onSuccess: (found) => setJobId(found.id) },
    );
  };
  return (
    <Alert color="orange" title={words.weightsMissing}>
      <Stack gap="xs">
        {state === "failed" && <Text size="sm">{sentence(job.data?.error ?? "")}</Text>}
        <Text size="sm">{hub === null ? words.weightsByHand(about.name) : words.weightsFrom(hub)}</Text>
        {hub !== null && (
          <Group>
            <Button
              variant="default"
              size="compact-md"
              loading={start.isPending}
              leftSection={<IconDownload size={16} aria-hidden />}
              onClick={open}
            >
              {words.weightsGet}
            </Button>
          </Group>
        )}
      </Stack>
      <Modal opened={asking} onClose={close} title={words.licenceTitle}>
        <Stack>
          <Text>{words.licenceBody(about.title, about.licence)}</Text>
          <Text c="dimmed">{hub}</Text>
          <Group justify="end">
            <Button variant="default" onClick={close}>
              {words.licenceRefuse}
            </Button>
            <Button onClick={fetch}>{words.licenceAccept}</Button>
          </Group>
        </Stack>
      </Modal>
    </Alert>
  );
}
