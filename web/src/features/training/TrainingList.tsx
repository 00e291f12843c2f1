import { Paper, Table, Text, Title } from "@mantine/core";
import { sentence } from "../../api/client";
import type { Job } from "../../api/types";
import { Time } from "../../components/Time";
import { between, duration, percent } from "../../lib/format";
import { training as words } from "../../strings/training";
import { JobActions } from "../jobs/JobActions";
import { JobProgress } from "../jobs/JobProgress";
import { StateBadge } from "../jobs/StateBadge";
import { isActive } from "../jobs/useJobs";
import { LinkAnchor } from "../../components/links";
import { WideTable } from "../../components/WideTable";

/** Every training of the project, newest first. */
export function TrainingList({ projectId, jobs }: { projectId: string; jobs: readonly Job[] }) {
  const columns = words.columns;
  return (
    <Paper component="section" aria-label={words.past}>
      <Title order={2} mb="xs">
        {words.past}
      </Title>
      {jobs.length === 0 ? (
        <Text c="dimmed">{words.pastEmpty}</Text>
      ) : (
        <WideTable label={words.past} least={340}>
          <Table highlightOnHover>
            <Table.Thead>
              <Table.Tr>
                <Table.Th>{columns.name}</Table.Th>
                <Table.Th w={110}>{columns.state}</Table.Th>
                <Table.Th className="number" w={110}>
                  {columns.map}
                </Table.Th>
                <Table.Th w={130} visibleFrom="sm">
                  {columns.started}
                </Table.Th>
                <Table.Th className="number" w={120} visibleFrom="sm">
                  {columns.time}
                </Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {jobs.map((job) => (
                <TrainingRow key={job.id} projectId={projectId} job={job} />
              ))}
            </Table.Tbody>
          </Table>
        </WideTable>
      )}
    </Paper>
  );
}

function TrainingRow({ projectId, job }: { projectId: string; job: Job }) {
  return (
    <Table.Tr>
      <Table.Td>
        <LinkAnchor
          to="/projects/$projectId/train/$jobId"
          params={{ projectId, jobId: job.id }}
          fw={600}
          aria-label={words.openTraining(job.title)}
        >
          {job.title}
        </LinkAnchor>
        {isActive(job) && <JobProgress job={job} />}
        {job.error !== null && (
          <Text size="sm" c="red" lineClamp={2}>
            {sentence(job.error)}
          </Text>
        )}
      </Table.Td>
      <Table.Td>
        <StateBadge job={job} />
        {isActive(job) && <JobActions job={job} />}
      </Table.Td>
      <Table.Td className="number">{percent(resultMap(job))}</Table.Td>
      <Table.Td visibleFrom="sm">
        <Time value={job.started_at ?? job.created_at} />
      </Table.Td>
      <Table.Td className="number" visibleFrom="sm">
        {job.started_at !== null && job.finished_at !== null ? duration(between(job.started_at, job.finished_at)) : "–"}
      </Table.Td>
    </Table.Tr>
  );
}

/** mAP 50–95 in the result of a training: on test where it was read, else on validation. */
export function resultMap(job: Job): number | null {
  const metrics = job.result?.["metrics"] as Record<string, { map50_95?: number | null } | null> | undefined;
  return metrics?.["test"]?.map50_95 ?? metrics?.["val"]?.map50_95 ?? null;
}
