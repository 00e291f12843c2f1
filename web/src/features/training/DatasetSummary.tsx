import { Alert, List, Paper, Stack, Table, Title } from "@mantine/core";
import { IconAlertTriangle, IconInfoCircle } from "@tabler/icons-react";
import type { ProjectCounts, Split } from "../../api/types";
import { count } from "../../lib/format";
import { common } from "../../strings/common";
import { training as words } from "../../strings/training";
import { labeledIn, readiness } from "./readiness";
import { LinkButton } from "../../components/links";

const SPLITS: readonly Split[] = ["train", "val", "test"];

/** What a training would learn from, and what is missing. */
export function DatasetSummary({ projectId, counts }: { projectId: string; counts: ProjectCounts }) {
  const { blockers, advice } = readiness(counts);
  return (
    <Stack gap="sm">
      <Paper component="section" aria-label={words.dataset} p="sm">
        <Title order={3}>{words.dataset}</Title>
        <Table>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{common.split.label}</Table.Th>
              <Table.Th className="number">{common.images}</Table.Th>
              <Table.Th className="number">{common.state.labeled}</Table.Th>
              <Table.Th className="number">{words.boxes}</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {SPLITS.map((split) => {
              const found = counts.splits.find((one) => one.split === split);
              return (
                <Table.Tr key={split}>
                  <Table.Td>{common.split[split]}</Table.Td>
                  <Table.Td className="number">{count(found?.images ?? 0)}</Table.Td>
                  <Table.Td className="number">{count(labeledIn(counts, split))}</Table.Td>
                  <Table.Td className="number">{count(found?.annotations ?? 0)}</Table.Td>
                </Table.Tr>
              );
            })}
          </Table.Tbody>
        </Table>
      </Paper>
      {blockers.length > 0 && (
        <Alert color="red" icon={<IconAlertTriangle aria-hidden />} title={words.missing}>
          <Items items={blockers} />
          <LinkButton to="/projects/$projectId/images" params={{ projectId }} size="compact-sm" mt="sm">
            {words.toImages}
          </LinkButton>
        </Alert>
      )}
      {advice.length > 0 && (
        <Alert color="gray" icon={<IconInfoCircle aria-hidden />} title={words.advice}>
          <Items items={advice} />
        </Alert>
      )}
    </Stack>
  );
}

function Items({ items }: { items: readonly string[] }) {
  return (
    <List size="md" spacing={4}>
      {items.map((item) => (
        <List.Item key={item}>{item}</List.Item>
      ))}
    </List>
  );
}
