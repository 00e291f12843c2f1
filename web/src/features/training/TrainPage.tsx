import { Alert, Code, Grid, Stack, Text } from "@mantine/core";
import { IconPackageOff } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { api, call } from "../../api/client";
import { keys } from "../../api/keys";
import { countsQuery, jobsQuery, systemQuery } from "../../api/queries";
import type { Job } from "../../api/types";
import { Loaded } from "../../components/Loaded";
import { Page } from "../../components/Page";
import { training as words } from "../../strings/training";
import { Why } from "../people/Guarded";
import { useMay } from "../people/useMay";
import { DatasetSummary } from "./DatasetSummary";
import { readiness } from "./readiness";
import { StartForm } from "./StartForm";
import { TrainingList } from "./TrainingList";

const route = getRouteApi("/projects/$projectId/train");

/** Start a training, and every training there was. */
export function TrainPage() {
  const { projectId } = route.useParams();
  const counts = useQuery(countsQuery(projectId));
  const system = useQuery(systemQuery);
  const jobs = useQuery(jobsQuery(projectId, "train"));
  const parameters = useQuery({
    queryKey: keys.parameters,
    staleTime: Infinity,
    queryFn: () => call(api.GET("/api/v1/training/parameters")),
  });
  const tasks = useQuery({
    queryKey: keys.trainingTasks(projectId),
    queryFn: () =>
      call(api.GET("/api/v1/projects/{project_id}/training/tasks", { params: { path: { project_id: projectId } } })),
  });
  const presets = useQuery({
    queryKey: keys.presets,
    staleTime: Infinity,
    queryFn: () => call(api.GET("/api/v1/training/presets")),
  });
  const advice = useQuery({
    queryKey: keys.advice(projectId),
    queryFn: () =>
      call(api.GET("/api/v1/projects/{project_id}/training/advice", { params: { path: { project_id: projectId } } })),
  });
  const sweeps = useQuery(jobsQuery(projectId, "sweep"));
  const cannot = system.data?.can_train === false;
  const may = useMay(projectId);
  const blocked = !may("manage") || cannot || (counts.data !== undefined && readiness(counts.data).blockers.length > 0);
  return (
    <Page title={words.title} subtitle={words.subtitle} width={1280}>
      <Stack gap="lg">
        {cannot && (
          <Alert color="yellow" icon={<IconPackageOff aria-hidden />} title={words.cannotTrain}>
            <Text>{words.cannotTrainBody}</Text>
            <Code>{words.cannotTrainCommand}</Code>
          </Alert>
        )}
        <Why projectId={projectId} deed="manage" />
        <Grid gap="md">
          <Grid.Col span={{ base: 12, md: 8 }}>
            <Loaded query={parameters}>
              {(list) => (
                <Loaded query={presets}>
                  {(found) => (
                    <StartForm
                      projectId={projectId}
                      parameters={list}
                      presets={found}
                      advice={advice.data ?? []}
                      tasks={tasks.data ?? []}
                      blocked={blocked}
                    />
                  )}
                </Loaded>
              )}
            </Loaded>
          </Grid.Col>
          <Grid.Col span={{ base: 12, md: 4 }} order={{ base: -1, md: 0 }}>
            <Loaded query={counts}>{(data) => <DatasetSummary projectId={projectId} counts={data} />}</Loaded>
          </Grid.Col>
        </Grid>
        <Loaded query={jobs}>
          {(list) => <TrainingList projectId={projectId} jobs={newestFirst([...list, ...(sweeps.data ?? [])])} />}
        </Loaded>
      </Stack>
    </Page>
  );
}

function newestFirst(jobs: readonly Job[]): readonly Job[] {
  return [...jobs].sort((a, b) => b.created_at.localeCompare(a.created_at));
}
