import { ActionIcon, Button, Group, Paper, Select, Stack, Table, Text, TextInput, Title, Tooltip } from "@mantine/core";
import { IconUserMinus, IconUsers } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { messageOf } from "../../api/client";
import type { Member, Role } from "../../api/types";
import { Empty } from "../../components/Empty";
import { Loaded } from "../../components/Loaded";
import { WideTable } from "../../components/WideTable";
import { people as words } from "../../strings/people";
import { useMemberChanges } from "./mutations";
import { membersQuery } from "./queries";
import { ROLES } from "./roles";

interface Props {
  projectId: string;
  manages: boolean;
}

const CHOICES = ROLES.map((role) => ({ value: role, label: words.roles[role].name }));
const roleFrom = (value: string | null): Role | undefined => ROLES.find((role) => role === value);

/** The members with their roles; managers add, change and remove them in place. */
export function MemberList({ projectId, manages }: Props) {
  const members = useQuery(membersQuery(projectId));
  return (
    <Stack>
      {manages && <AddMember projectId={projectId} />}
      <Loaded query={members}>
        {(list) =>
          list.length === 0 ? (
            <Empty icon={IconUsers} title={words.noMembersTitle}>
              {words.noMembersBody}
            </Empty>
          ) : (
            <MemberTable projectId={projectId} members={list} manages={manages} />
          )
        }
      </Loaded>
      <RolesExplained />
    </Stack>
  );
}

function RolesExplained() {
  return (
    <Paper component="section" aria-label={words.rolesTitle} p="sm">
      <Title order={3}>{words.rolesTitle}</Title>
      <Table>
        <Table.Tbody>
          {ROLES.map((role) => (
            <Table.Tr key={role}>
              <Table.Th scope="row" w={110}>
                {words.roles[role].name}
              </Table.Th>
              <Table.Td>{words.roles[role].does}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Paper>
  );
}

function AddMember({ projectId }: { projectId: string }) {
  const { add } = useMemberChanges(projectId);
  const [name, setName] = useState("");
  const [role, setRole] = useState<Role>("annotator");
  return (
    <Paper component="section" aria-label={words.addMember} p="sm">
      <form
        onSubmit={(event) => {
          event.preventDefault();
          // The next name may have been begun while the server was at work.
          add.mutate({ name: name.trim(), role }, { onSuccess: () => setName((now) => (now === name ? "" : now)) });
        }}
      >
        <Group align="start" gap="sm">
          <TextInput
            style={{ flex: "2 1 200px" }}
            label={words.memberName}
            description={words.memberNameHint}
            autoComplete="off"
            maxLength={200}
            value={name}
            error={add.error === null ? null : messageOf(add.error)}
            onChange={(event) => {
              setName(event.currentTarget.value);
              add.reset();
            }}
          />
          <Select
            style={{ flex: "1 1 160px" }}
            label={words.role}
            data={CHOICES}
            value={role}
            onChange={(value) => setRole(roleFrom(value) ?? role)}
          />
          <Button type="submit" mt={22} loading={add.isPending} disabled={name.trim() === ""}>
            {words.addMember}
          </Button>
        </Group>
      </form>
    </Paper>
  );
}

interface TableProps extends Props {
  members: readonly Member[];
}

function MemberTable({ projectId, members, manages }: TableProps) {
  return (
    <Paper p={0}>
      <WideTable label={words.members} least={320}>
        <Table verticalSpacing="sm" horizontalSpacing="md" aria-label={words.members}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{words.columns.name}</Table.Th>
              <Table.Th w={180}>{words.columns.role}</Table.Th>
              {manages && <Table.Th w={56} aria-label={words.columns.actions} />}
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {members.map((member) => (
              <MemberRow key={member.user_id} projectId={projectId} member={member} manages={manages} />
            ))}
          </Table.Tbody>
        </Table>
      </WideTable>
    </Paper>
  );
}

function MemberRow({ projectId, member, manages }: Props & { member: Member }) {
  const { set, remove } = useMemberChanges(projectId);
  const { user_id, name, role } = member;
  return (
    <Table.Tr>
      <Table.Td style={{ overflowWrap: "anywhere" }}>
        <Text span fw={600}>
          {name}
        </Text>
        {member.disabled && (
          <Text span c="dimmed">
            {" "}
            ({words.disabled})
          </Text>
        )}
      </Table.Td>
      <Table.Td>
        {manages ? (
          <Select
            aria-label={words.roleOf(name)}
            data={CHOICES}
            value={set.isPending ? set.variables.role : role}
            onChange={(value) => {
              const wanted = roleFrom(value);
              if (wanted !== undefined && wanted !== role) set.mutate({ user_id, role: wanted });
            }}
          />
        ) : (
          words.roles[role].name
        )}
      </Table.Td>
      {manages && (
        <Table.Td>
          <Tooltip label={words.remove(name)}>
            <ActionIcon
              aria-label={words.remove(name)}
              loading={remove.isPending}
              onClick={() => remove.mutate(member)}
            >
              <IconUserMinus size={18} stroke={1.5} />
            </ActionIcon>
          </Tooltip>
        </Table.Td>
      )}
    </Table.Tr>
  );
}
