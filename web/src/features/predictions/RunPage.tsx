import { Alert, Button, Paper, Text } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconArrowLeft, IconInfoCircle, IconPlayerPlay, IconTrash } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi, useNavigate } from "@tanstack/react-router";
import { jobQuery } from "../../api/queries";
import type { Job, Run } from "../../api/types";
import { Confirm } from "../../components/Confirm";
import { ErrorBox } from "../../components/ErrorBox";
import { Loaded } from "../../components/Loaded";
import { Page } from "../../components/Page";
import { Time } from "../../components/Time";
import { count, plural } from "../../lib/format";
import { predictions as words } from "../../strings/predictions";
import { JobActions } from "../jobs/JobActions";
import { JobProgress } from "../jobs/JobProgress";
import { isActive, useStartJob } from "../jobs/useJobs";
import { useMay } from "../people/useMay";
import { RunResults } from "./RunResults";
import { runQuery, useDeleteRun } from "./useRuns";
import { LinkButton } from "../../components/links";

const route = getRouteApi("/projects/$projectId/predict/$runId");

/** One prediction run: its progress, then its results. */
export function RunPage() {
  const { projectId, runId } = route.useParams();
  const run = useQuery(runQuery(runId));
  const jobId = run.data?.job_id ?? null;
  const job = useQuery({ ...jobQuery(jobId ?? ""), enabled: jobId !== null });
  const name = run.data?.name ?? "";
  const may = useMay(projectId);
  return (
    <Page
      title={name === "" ? words.unnamed : name}
      subtitle={run.data === undefined ? undefined : <Subtitle run={run.data} />}
      actions={
        <>
          <LinkButton
            to="/projects/$projectId/predict"
            params={{ projectId }}
            variant="default"
            leftSection={<IconArrowLeft size={16} aria-hidden />}
          >
            {words.back}
          </LinkButton>
          {job.data !== undefined && isActive(job.data) && <JobActions job={job.data} size="sm" />}
          {may("manage") && (
            <DeleteRun projectId={projectId} runId={runId} busy={job.data !== undefined && isActive(job.data)} />
          )}
        </>
      }
    >
      <Loaded query={run}>
        {(data) => (
          <>
            <RunStatus run={data} job={job.data} />
            <RunResults run={data} />
          </>
        )}
      </Loaded>
    </Page>
  );
}

function Subtitle({ run }: { run: Run }) {
  return (
    <>
      {run.model_name} · {words.done(count(run.done), plural(run.images, "image"))}
      {run.failed > 0 && ` · ${words.failedImages(count(run.failed))}`} · <Time value={run.created_at} />
    </>
  );
}

function RunStatus({ run, job }: { run: Run; job: Job | undefined }) {
  const start = useStartJob();
  const may = useMay(run.project_id);
  const begin = () => start.mutate({ kind: "predict", project_id: run.project_id, run_id: run.id });
  if (job !== undefined && isActive(job)) {
    return (
      <Paper p="sm" mb="md">
        <JobProgress job={job} />
      </Paper>
    );
  }
  if (job?.state === "failed")
    return <ErrorBox error={job.error ?? job.state} onRetry={may("predict") ? begin : undefined} />;
  const rest = run.images - run.done;
  if (rest <= 0 || !may("predict") || (job === undefined && run.job_id !== null)) return null;
  return (
    <Alert color="ink" icon={<IconInfoCircle aria-hidden />} mb="md">
      <Text mb="sm">
        {run.job_id === null ? words.notStarted : words.done(count(run.done), plural(run.images, "image"))}
      </Text>
      <Button leftSection={<IconPlayerPlay size={16} aria-hidden />} loading={start.isPending} onClick={begin}>
        {run.job_id === null ? words.startNow(plural(rest, "image")) : words.continueRun}
      </Button>
    </Alert>
  );
}

function DeleteRun({ projectId, runId, busy }: { projectId: string; runId: string; busy: boolean }) {
  const [asking, ask] = useDisclosure(false);
  const remove = useDeleteRun(projectId);
  const navigate = useNavigate();
  const leave = () => void navigate({ to: "/projects/$projectId/predict", params: { projectId } });
  return (
    <>
      <Button variant="default" disabled={busy} leftSection={<IconTrash size={16} aria-hidden />} onClick={ask.open}>
        {words.delete}
      </Button>
      <Confirm
        opened={asking}
        title={words.deleteTitle}
        body={words.deleteBody}
        action={words.delete}
        busy={remove.isPending}
        onClose={ask.close}
        onConfirm={() => remove.mutate(runId, { onSuccess: leave })}
      />
    </>
  );
}
