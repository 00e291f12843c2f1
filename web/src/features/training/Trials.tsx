import { Paper, Table, Title } from "@mantine/core";
import type { Job } from "../../api/types";
import { WideTable } from "../../components/WideTable";
import { duration, percent } from "../../lib/format";
import { training as words } from "../../strings/training";
import { labelOf } from "./parameters";

interface Trial {
  changes: Record<string, number | string>;
  round: number;
  epochs: number;
  score: number | null;
  seconds: number;
}

/** What a sweep tried, once it has ended. */
export function Trials({ job }: { job: Job }) {
  const trials = job.result?.["trials"] as readonly Trial[] | undefined;
  if (trials === undefined) return null;
  return (
    <Paper component="section" aria-label={words.trials.title} p="sm">
      <Title order={3}>{words.trials.title}</Title>
      <WideTable label={words.trials.title} least={340}>
        <Table>
          <Table.Thead>
            <Table.Tr>
              <Table.Th className="number">{words.trials.round}</Table.Th>
              <Table.Th>{words.trials.changes}</Table.Th>
              <Table.Th className="number">{words.epoch}</Table.Th>
              <Table.Th className="number">{words.columns.time}</Table.Th>
              <Table.Th className="number">{words.trials.score}</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {trials.map((trial) => (
              <Table.Tr key={`${trial.round} ${JSON.stringify(trial.changes)}`}>
                <Table.Td className="number">{trial.round + 1}</Table.Td>
                <Table.Td>{said(trial.changes)}</Table.Td>
                <Table.Td className="number">{trial.epochs}</Table.Td>
                <Table.Td className="number">{duration(trial.seconds)}</Table.Td>
                <Table.Td className="number">{percent(trial.score)}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </WideTable>
    </Paper>
  );
}

function said(changes: Trial["changes"]): string {
  const words_ = Object.entries(changes).map(([name, value]) => `${labelOf(name)} ${value}`);
  return words_.length === 0 ? words.trials.plain : words_.join(", ");
}
