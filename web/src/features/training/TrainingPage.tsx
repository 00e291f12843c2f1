import { Alert, Group, Paper, SimpleGrid, Stack, Text, Title } from "@mantine/core";
import {
  IconAlertTriangle,
  IconArrowLeft,
  IconBox,
  IconCheck,
  IconPlayerPause,
  IconPlayerStop,
} from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { useMemo } from "react";
import { api, call, sentence } from "../../api/client";
import { keys } from "../../api/keys";
import { jobQuery } from "../../api/queries";
import type { Job, Metric } from "../../api/types";
import { LineChart } from "../../components/chart/LineChart";
import { Facts } from "../../components/Facts";
import { Figure } from "../../components/Figure";
import { Loaded } from "../../components/Loaded";
import { Page } from "../../components/Page";
import { between, duration, percent, timeLeft } from "../../lib/format";
import { training as words } from "../../strings/training";
import { JobActions } from "../jobs/JobActions";
import { JobProgress } from "../jobs/JobProgress";
import { StateBadge } from "../jobs/StateBadge";
import { isActive } from "../jobs/useJobs";
import { bestOf, curvesOf, seriesOf } from "./curves";
import { JobLog } from "./JobLog";
import { Trials } from "./Trials";
import { labelOf } from "./parameters";
import { LinkButton } from "../../components/links";

const route = getRouteApi("/projects/$projectId/train/$jobId");
const NONE: readonly Metric[] = [];

/** One training, live while it runs and as a record afterwards. */
export function TrainingPage() {
  const { projectId, jobId } = route.useParams();
  const job = useQuery(jobQuery(jobId));
  return (
    <Page
      title={job.data?.title ?? words.pageTitle}
      width={1280}
      subtitle={job.data === undefined ? undefined : <StateBadge job={job.data} />}
      actions={
        <>
          <LinkButton
            to="/projects/$projectId/train"
            params={{ projectId }}
            variant="default"
            leftSection={<IconArrowLeft size={16} aria-hidden />}
          >
            {words.back}
          </LinkButton>
          {job.data !== undefined && (isActive(job.data) || job.data.state === "paused") && (
            <JobActions job={job.data} size="sm" />
          )}
        </>
      }
    >
      <Loaded query={job}>{(data) => <Training projectId={projectId} job={data} />}</Loaded>
    </Page>
  );
}

function Training({ projectId, job }: { projectId: string; job: Job }) {
  const metrics = useQuery({
    queryKey: keys.jobMetrics(job.id),
    queryFn: () => call(api.GET("/api/v1/jobs/{job_id}/metrics", { params: { path: { job_id: job.id } } })),
  });
  const curves = useMemo(() => curvesOf(metrics.data ?? NONE), [metrics.data]);
  const charts = useMemo(
    () => ({
      loss: seriesOf(curves, ["train/loss", "val/loss"]),
      quality: seriesOf(curves, ["val/map50", "val/map50_95", "val/mask_map50", "val/mask_map50_95"]),
      steps: seriesOf(curves, ["iter/loss"]),
      rate: seriesOf(curves, ["lr"]),
      waiting: seriesOf(curves, ["time/waiting"]),
      sweep: seriesOf(curves, ["sweep/score"]),
    }),
    [curves],
  );
  // What ended before its first value has no curves to come.
  const bare = !isActive(job) && metrics.data !== undefined && curves.size === 0;
  return (
    <Stack>
      <Outcome projectId={projectId} job={job} />
      {isActive(job) && (
        <Paper p="sm">
          <JobProgress job={job} />
          {job.state === "queued" && <Text c="dimmed">{words.waiting}</Text>}
        </Paper>
      )}
      <Figures job={job} curves={curves} />
      <SimpleGrid cols={{ base: 1, md: 2 }} spacing="md" display={bare ? "none" : undefined}>
        <LineChart title={words.charts.loss} xName={words.axisEpoch} series={charts.loss} empty={words.firstEpoch} />
        <LineChart
          title={words.charts.quality}
          xName={words.axisEpoch}
          series={charts.quality}
          share
          empty={words.firstEpoch}
        />
        <LineChart title={words.charts.steps} xName={words.axisStep} series={charts.steps} height={180} />
        <LineChart
          title={words.charts.rate}
          xName={words.axisEpoch}
          series={charts.rate}
          height={180}
          empty={words.firstEpoch}
        />
        <LineChart
          title={words.charts.waiting}
          xName={words.axisEpoch}
          series={charts.waiting}
          share
          height={180}
          empty={words.firstEpoch}
        />
        {charts.sweep.length > 0 && (
          <LineChart title={words.charts.sweep} xName={words.axisTrial} series={charts.sweep} share height={180} />
        )}
      </SimpleGrid>
      <Trials job={job} />
      <JobLog jobId={job.id} />
      <Chosen job={job} />
    </Stack>
  );
}

function Outcome({ projectId, job }: { projectId: string; job: Job }) {
  const modelId = job.result?.["model_id"];
  if (job.state === "failed") {
    return (
      <Alert color="red" icon={<IconAlertTriangle aria-hidden />} title={words.failed} role="alert">
        <Text style={{ whiteSpace: "pre-wrap", overflowWrap: "anywhere" }}>{sentence(job.error ?? "")}</Text>
        <Group mt="sm">
          <JobActions job={job} />
        </Group>
      </Alert>
    );
  }
  if (job.state === "paused") {
    return (
      <Alert color="yellow" icon={<IconPlayerPause aria-hidden />} title={words.paused}>
        {words.pausedBody}
      </Alert>
    );
  }
  if (job.state === "cancelled") {
    return (
      <Alert color="orange" icon={<IconPlayerStop aria-hidden />} title={words.cancelled}>
        {words.cancelledBody}
      </Alert>
    );
  }
  if (job.state !== "succeeded" || typeof modelId !== "string") return null;
  return (
    <Paper p="sm" role="status">
      <Group justify="space-between">
        <Group gap="sm">
          <IconCheck color="var(--mantine-color-green-7)" aria-hidden />
          <Text fw={600}>{job.result?.["stopped_early"] === true ? words.early : words.finished}</Text>
        </Group>
        <LinkButton
          to="/projects/$projectId/models/$modelId"
          params={{ projectId, modelId }}
          leftSection={<IconBox size={16} aria-hidden />}
        >
          {words.openModel}
        </LinkButton>
      </Group>
    </Paper>
  );
}

function Figures({ job, curves }: { job: Job; curves: ReadonlyMap<string, [number, number][]> }) {
  const epochs = curves.get("train/loss") ?? [];
  const best = bestOf(curves.get("val/map50_95"));
  const total = epochTotal(job);
  const epoch = epochs.at(-1)?.[0] ?? 0;
  return (
    <SimpleGrid cols={{ base: 2, sm: 4 }} spacing="md">
      <Figure label={words.epoch} value={total === null ? String(epoch) : words.epochOf(epoch, total)} />
      {isActive(job) ? (
        <Figure label={words.left} value={timeLeft(job.seconds_left).replace(/ left$/, "") || "–"} />
      ) : (
        <Figure
          label={words.elapsed}
          value={job.started_at === null ? "–" : duration(between(job.started_at, job.finished_at))}
        />
      )}
      <Figure label={words.currentLoss} value={epochs.at(-1)?.[1].toFixed(3) ?? "–"} />
      <Figure
        label={words.best}
        value={percent(best?.[1])}
        note={best === null ? undefined : words.bestEpoch(best[0])}
      />
    </SimpleGrid>
  );
}

/** How many epochs were asked for; null where the task chooses them. */
function epochTotal(job: Job): number | null {
  const chosen = (job.params["hyper"] as Record<string, unknown> | undefined)?.["epochs"];
  const done = job.result?.["epochs"];
  if (typeof done === "number") return done;
  return typeof chosen === "number" && chosen > 0 ? chosen : null;
}

function Chosen({ job }: { job: Job }) {
  const hyper = Object.entries((job.params["hyper"] ?? {}) as Record<string, unknown>);
  if (hyper.length === 0) return null;
  return (
    <Paper component="section" aria-label={words.parameters} p="sm">
      <Title order={3}>{words.parameters}</Title>
      <Facts facts={hyper.map(([name, value]) => [labelOf(name), String(value)])} />
    </Paper>
  );
}
