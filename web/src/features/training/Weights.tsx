import { Alert, Button, Group, Modal, Stack, Text } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconDownload, IconUpload } from "@tabler/icons-react";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { sentence } from "../../api/client";
import { jobQuery, startingWeightsQuery } from "../../api/queries";
import type { Architecture } from "../../api/types";
import { weights as words } from "../../strings/weights";
import { JobProgress } from "../jobs/JobProgress";
import { isActive, useStartJob } from "../jobs/useJobs";
import { useMay } from "../people/useMay";
import { UploadWeights } from "./UploadWeights";

interface Props {
  projectId: string;
  about: Architecture;
}

/** The weights that a network begins with: those that are here, else how they come here. */
export function Weights({ projectId, about }: Props) {
  const all = useQuery(startingWeightsQuery);
  const newest = all.data?.find((one) => one.architecture === about.name);
  if (all.data === undefined) return null;
  if (newest === undefined) return <Missing projectId={projectId} about={about} />;
  return (
    <Group gap="xs" justify="space-between">
      <Text size="sm" style={{ overflowWrap: "anywhere" }}>
        {words.here(newest)}
      </Text>
      <Upload projectId={projectId} about={about} label={words.others} />
    </Group>
  );
}

function Missing({ projectId, about }: Props) {
  const [jobId, setJobId] = useState<string | null>(null);
  const job = useQuery({ ...jobQuery(jobId ?? ""), enabled: jobId !== null }).data;
  const client = useQueryClient();
  const may = useMay(projectId)("manage");
  const state = job?.state;
  useEffect(() => {
    if (state === "succeeded") void client.invalidateQueries(startingWeightsQuery);
  }, [client, state]);
  if (job !== undefined && isActive(job)) return <JobProgress job={job} />;
  const hub = about.hub ?? null;
  return (
    <Alert color="orange" title={words.missing}>
      <Stack gap="xs">
        {job?.state === "failed" ? (
          <Text size="sm" role="alert" style={{ overflowWrap: "anywhere" }}>
            {sentence(job.error ?? "")}
          </Text>
        ) : (
          <Text size="sm">{hub === null ? words.byHand : words.from(hub)}</Text>
        )}
        <Group gap="xs">
          {may && hub !== null && <Download projectId={projectId} about={about} onJob={setJobId} />}
          <Upload projectId={projectId} about={about} label={words.bring} />
        </Group>
      </Stack>
    </Alert>
  );
}

function Upload({ label, ...props }: Props & { label: string }) {
  const [opened, { open, close }] = useDisclosure(false);
  if (!useMay(props.projectId)("manage")) return null;
  return (
    <>
      <Button variant="default" size="compact-md" leftSection={<IconUpload size={16} aria-hidden />} onClick={open}>
        {label}
      </Button>
      <UploadWeights {...props} opened={opened} onClose={close} />
    </>
  );
}

function Download({ projectId, about, onJob }: Props & { onJob: (id: string) => void }) {
  const [asking, { open, close }] = useDisclosure(false);
  const start = useStartJob();
  const fetch = () => {
    close();
    start.mutate(
      { kind: "fetch", project_id: projectId, architecture: about.name, accept_licence: about.licence },
      { onSuccess: (found) => onJob(found.id) },
    );
  };
  return (
    <>
      <Button
        variant="default"
        size="compact-md"
        loading={start.isPending}
        leftSection={<IconDownload size={16} aria-hidden />}
        onClick={open}
      >
        {words.get}
      </Button>
      <Modal opened={asking} onClose={close} title={words.licenceTitle}>
        <Stack>
          <Text>{words.licenceBody(about.title, about.licence)}</Text>
          <Text c="dimmed">{about.hub}</Text>
          <Group justify="end">
            <Button variant="default" onClick={close}>
              {words.refuse}
            </Button>
            <Button onClick={fetch}>{words.accept}</Button>
          </Group>
        </Stack>
      </Modal>
    </>
  );
}
