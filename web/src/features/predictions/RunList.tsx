import { Paper, Table, Text, Title } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { jobsQuery } from "../../api/queries";
import type { Job, Run } from "../../api/types";
import { Time } from "../../components/Time";
import { count } from "../../lib/format";
import { predictions as words } from "../../strings/predictions";
import { StateBadge } from "../jobs/StateBadge";
import { LinkAnchor } from "../../components/links";
import { WideTable } from "../../components/WideTable";

/** Every prediction run of the project, newest first. */
export function RunList({ projectId, runs }: { projectId: string; runs: readonly Run[] }) {
  const jobs = useQuery(jobsQuery(projectId, "predict"));
  const byId = new Map(jobs.data?.map((job) => [job.id, job]));
  return (
    <Paper component="section" aria-label={words.past}>
      <Title order={2} mb="xs">
        {words.past}
      </Title>
      {runs.length === 0 ? (
        <Text c="dimmed">{words.pastEmpty}</Text>
      ) : (
        <WideTable label={words.past} least={320}>
          <Table highlightOnHover aria-label={words.past}>
            <Table.Thead>
              <Table.Tr>
                <Table.Th>{words.columns.name}</Table.Th>
                <Table.Th visibleFrom="sm">{words.columns.model}</Table.Th>
                <Table.Th className="number">{words.columns.images}</Table.Th>
                <Table.Th>{words.columns.created}</Table.Th>
                <Table.Th aria-label={words.columns.state} />
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {runs.map((run) => (
                <RunRow key={run.id} run={run} job={run.job_id === null ? undefined : byId.get(run.job_id)} />
              ))}
            </Table.Tbody>
          </Table>
        </WideTable>
      )}
    </Paper>
  );
}

function RunRow({ run, job }: { run: Run; job: Job | undefined }) {
  const name = run.name === "" ? words.unnamed : run.name;
  return (
    <Table.Tr>
      <Table.Td>
        <LinkAnchor
          fw={600}
          aria-label={words.open(name)}
          to="/projects/$projectId/predict/$runId"
          params={{ projectId: run.project_id, runId: run.id }}
        >
          {name}
        </LinkAnchor>
      </Table.Td>
      <Table.Td visibleFrom="sm">{run.model_name}</Table.Td>
      <Table.Td className="number">{words.done(count(run.done), count(run.images))}</Table.Td>
      <Table.Td>
        <Time value={run.created_at} />
      </Table.Td>
      <Table.Td>{job !== undefined && <StateBadge job={job} />}</Table.Td>
    </Table.Tr>
  );
}
