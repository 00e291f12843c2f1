import { Button, Group, Stack, Table, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import type { Session } from "../../api/types";
import { Loaded } from "../../components/Loaded";
import { Time } from "../../components/Time";
import { account as words } from "../../strings/account";
import { browserOf } from "./browser";
import { sessionsQuery, useSessionChanges } from "./queries";

/** The browsers in which the person is signed in, this one first. */
export function Sessions() {
  const sessions = useQuery(sessionsQuery);
  const { endOthers } = useSessionChanges();
  return (
    <Loaded query={sessions}>
      {(list) => (
        <Stack gap="sm">
          <Table aria-label={words.sessions}>
            <Table.Tbody>
              {[...list]
                .sort((a, b) => Number(b.current) - Number(a.current))
                .map((one) => (
                  <SessionRow key={one.id} session={one} />
                ))}
            </Table.Tbody>
          </Table>
          {list.some((one) => !one.current) && (
            <Group justify="end">
              <Button variant="default" loading={endOthers.isPending} onClick={() => endOthers.mutate()}>
                {words.endOthers}
              </Button>
            </Group>
          )}
        </Stack>
      )}
    </Loaded>
  );
}

function SessionRow({ session }: { session: Session }) {
  const { end } = useSessionChanges();
  const browser = browserOf(session.agent);
  const name = session.current ? words.thisBrowser : browser || words.otherBrowser;
  return (
    <Table.Tr>
      <Table.Td>
        <Text fw={600}>{name}</Text>
        <Text size="sm" c="dimmed">
          {session.current && browser !== "" && `${browser} · `}
          {session.address ?? ""} {words.sessionSince} <Time value={session.created_at} />
        </Text>
      </Table.Td>
      <Table.Td w={110}>
        {!session.current && (
          <Button
            variant="default"
            size="compact-sm"
            aria-label={words.sessionEndOf(`${name} ${session.address ?? ""}`)}
            loading={end.isPending}
            onClick={() => end.mutate(session)}
          >
            {words.sessionEnd}
          </Button>
        )}
      </Table.Td>
    </Table.Tr>
  );
}
