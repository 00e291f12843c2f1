import { Button, Group, Paper, Table, Text } from "@mantine/core";
import { IconHistory } from "@tabler/icons-react";
import { useInfiniteQuery } from "@tanstack/react-query";
import type { AuditEntry } from "../../api/types";
import { Empty } from "../../components/Empty";
import { ErrorBox } from "../../components/ErrorBox";
import { Busy, Lines } from "../../components/Loaded";
import { Time } from "../../components/Time";
import { WideTable } from "../../components/WideTable";
import { common } from "../../strings/common";
import { people as words } from "../../strings/people";
import { describe, whoOf } from "./audit";
import { auditQuery } from "./queries";

/** Who did what, newest first: in one project, or everywhere. A page at a time. */
export function AuditList({ projectId }: { projectId?: string }) {
  const list = useInfiniteQuery(auditQuery(projectId));
  if (list.isPending) {
    return (
      <Busy>
        <Lines rows={8} />
      </Busy>
    );
  }
  const entries = list.data?.pages.flatMap((page) => page.items) ?? [];
  if (list.isError && entries.length === 0) return <ErrorBox error={list.error} onRetry={() => list.refetch()} />;
  if (entries.length === 0) {
    return (
      <Empty icon={IconHistory} title={words.auditEmpty}>
        {words.auditEmptyBody}
      </Empty>
    );
  }
  return (
    <>
      <Text c="dimmed" mb="md">
        {words.auditHint}
      </Text>
      <Entries entries={entries} />
      {list.hasNextPage && (
        <Group justify="center" mt="md">
          <Button variant="default" loading={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
            {common.loadMore}
          </Button>
        </Group>
      )}
    </>
  );
}

function Entries({ entries }: { entries: readonly AuditEntry[] }) {
  const columns = words.auditColumns;
  return (
    <Paper p={0}>
      <WideTable label={words.audit} least={340}>
        <Table aria-label={words.audit} horizontalSpacing="md">
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{columns.when}</Table.Th>
              <Table.Th>{columns.who}</Table.Th>
              <Table.Th>{columns.what}</Table.Th>
              <Table.Th visibleFrom="sm">{columns.where}</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {entries.map((entry) => (
              <Table.Tr key={entry.id}>
                <Table.Td>
                  <Time value={entry.created_at} />
                </Table.Td>
                <Table.Td style={ANYWHERE}>{whoOf(entry)}</Table.Td>
                <Table.Td style={ANYWHERE}>{describe(entry)}</Table.Td>
                <Table.Td visibleFrom="sm" ff="monospace" fz="sm">
                  {entry.address ?? "–"}
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </WideTable>
    </Paper>
  );
}

const ANYWHERE = { overflowWrap: "anywhere" } as const;
