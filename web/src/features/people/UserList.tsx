import { Alert, Button, Paper, Stack, Table, Text } from "@mantine/core";
import { IconUserPlus } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import type { User } from "../../api/types";
import { Loaded } from "../../components/Loaded";
import { WideTable } from "../../components/WideTable";
import { people as words } from "../../strings/people";
import { NewUser } from "./NewUser";
import { usersQuery } from "./queries";
import { UserRow } from "./UserRow";

interface Props {
  adding: boolean;
  onAdd: () => void;
  onAdded: () => void;
}

/** The users of the installation, the form for a new one above them. */
export function UserList({ adding, onAdd, onAdded }: Props) {
  const users = useQuery(usersQuery);
  return (
    <Stack>
      {adding && <NewUser first={users.data !== undefined && !hasAccounts(users.data)} onDone={onAdded} />}
      <Loaded query={users}>
        {(list) => (
          <>
            {!hasAccounts(list) && !adding && <NoAccounts onAdd={onAdd} />}
            <UserTable users={list} />
          </>
        )}
      </Loaded>
    </Stack>
  );
}

const hasAccounts = (users: readonly User[]): boolean => users.some((user) => user.has_password);

function NoAccounts({ onAdd }: { onAdd: () => void }) {
  return (
    <Alert color="ink" icon={<IconUserPlus aria-hidden />} title={words.noAccountsTitle}>
      <Text mb="sm">{words.noAccountsBody}</Text>
      <Button variant="default" onClick={onAdd}>
        {words.add}
      </Button>
    </Alert>
  );
}

function UserTable({ users }: { users: readonly User[] }) {
  return (
    <Paper p={0}>
      <WideTable label={words.users} least={340}>
        <Table verticalSpacing="sm" horizontalSpacing="md" aria-label={words.users}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{words.columns.name}</Table.Th>
              <Table.Th visibleFrom="sm">{words.columns.role}</Table.Th>
              <Table.Th>{words.columns.state}</Table.Th>
              <Table.Th visibleFrom="sm">{words.columns.since}</Table.Th>
              <Table.Th w={56} aria-label={words.columns.actions} />
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {users.map((user) => (
              <UserRow key={user.id} user={user} />
            ))}
          </Table.Tbody>
        </Table>
      </WideTable>
    </Paper>
  );
}
