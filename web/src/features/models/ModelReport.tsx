import { Group, Paper, Select, SimpleGrid, Stack, Text, Title } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { useMemo } from "react";
import { jobsQuery } from "../../api/queries";
import type { Evaluation, Metrics, Model } from "../../api/types";
import { BarChart } from "../../components/chart/BarChart";
import { Figure } from "../../components/Figure";
import { Loaded } from "../../components/Loaded";
import { exact, percent, plural } from "../../lib/format";
import { common } from "../../strings/common";
import { models as words } from "../../strings/models";
import { JobProgress } from "../jobs/JobProgress";
import { isActive } from "../jobs/useJobs";
import { Quality } from "../quality/Quality";
import { ClassTable } from "./ClassTable";
import { ModelFacts } from "./ModelFacts";
import { evaluationsQuery } from "./useModel";
import { Variants } from "./Variants";

const route = getRouteApi("/projects/$projectId/models/$modelId");

export function splitName(split: string): string {
  return (common.split as Readonly<Record<string, string>>)[split] ?? split;
}

/** The figures of a model on the evaluation that is chosen, the newest on test by default. */
export function ModelReport({ model }: { model: Model }) {
  const evaluations = useQuery(evaluationsQuery(model.id));
  return (
    <Stack>
      <Pending model={model} />
      <Loaded query={evaluations}>
        {(list) =>
          list.length === 0 ? <Text c="dimmed">{words.noEvaluation}</Text> : <Evaluated list={list} model={model} />
        }
      </Loaded>
      <Variants model={model} />
      <ModelFacts model={model} />
    </Stack>
  );
}

/** Evaluations of this model that are waiting or running. */
function Pending({ model }: { model: Model }) {
  const jobs = useQuery(jobsQuery(model.project_id, "evaluate"));
  const mine = (jobs.data ?? []).filter((job) => isActive(job) && job.params["model_id"] === model.id);
  return mine.map((job) => (
    <Paper key={job.id} p="sm" role="status" aria-label={words.evaluating}>
      <Text fw={600}>{job.title}</Text>
      <JobProgress job={job} />
    </Paper>
  ));
}

function Evaluated({ list, model }: { list: readonly Evaluation[]; model: Model }) {
  const { evaluation: wanted } = route.useSearch();
  const navigate = route.useNavigate();
  const standard = list.find((one) => one.split === "test") ?? list[0];
  const shown = list.find((one) => one.id === wanted) ?? standard;
  if (shown === undefined) return null;
  const { metrics } = shown;
  return (
    <>
      <Group justify="space-between" align="end">
        <Title order={2}>
          {words.evaluation} {words.evaluationOn(splitName(shown.split))}
        </Title>
        <Select
          aria-label={words.chooseEvaluation}
          w={280}
          data={list.map((one) => ({ value: one.id, label: `${splitName(one.split)}, ${exact(one.created_at)}` }))}
          value={shown.id}
          onChange={(id) => id !== null && void navigate({ search: { evaluation: id }, replace: true })}
        />
      </Group>
      <Headline metrics={metrics} split={shown.split} />
      <Classes metrics={metrics} />
      <ClassTable model={model} metrics={metrics} />
      <Quality key={shown.id} evaluation={shown} model={model} />
    </>
  );
}

function Headline({ metrics, split }: { metrics: Metrics; split: string }) {
  const note = words.figures.on(splitName(split), plural(metrics.images, "image"));
  return (
    <>
      <SimpleGrid cols={{ base: 2, sm: 4 }} spacing="md">
        <Figure label={words.figures.map} value={percent(metrics.map50_95)} />
        <Figure label={words.figures.map50} value={percent(metrics.map50)} />
        <Figure label={words.figures.map75} value={percent(metrics.map75)} />
        <Figure label={words.figures.recall} value={percent(metrics.ar100)} />
        {typeof metrics.mask_map50_95 === "number" && (
          <>
            <Figure label={words.figures.maskMap} value={percent(metrics.mask_map50_95)} />
            <Figure label={words.figures.maskMap50} value={percent(metrics.mask_map50)} />
            <Figure label={words.figures.maskMap75} value={percent(metrics.mask_map75)} />
          </>
        )}
      </SimpleGrid>
      <Text size="sm" c="dimmed">
        {note}, {plural(metrics.instances, "instance")}. {words.sizes}: {words.sizeNames.small}{" "}
        {percent(metrics.map_small)}, {words.sizeNames.medium} {percent(metrics.map_medium)}, {words.sizeNames.large}{" "}
        {percent(metrics.map_large)}. {words.undefinedHint}
      </Text>
    </>
  );
}

function Classes({ metrics }: { metrics: Metrics }) {
  const classes = metrics.per_class;
  const outlines = typeof metrics.mask_map50_95 === "number";
  const names = useMemo(() => classes.map((one) => one.name), [classes]);
  const bars = useMemo(
    () => [
      { name: words.barNames.ap50, values: classes.map((one) => one.ap50) },
      { name: words.barNames.ap, values: classes.map((one) => one.ap50_95) },
      ...(outlines ? [{ name: words.barNames.maskAp, values: classes.map((one) => one.mask_ap50_95 ?? null) }] : []),
    ],
    [classes, outlines],
  );
  return <BarChart title={words.bars} categories={names} bars={bars} />;
}
