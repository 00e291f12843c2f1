import { ActionIcon, Badge, Button, Group, Menu, PasswordInput, Table, Text } from "@mantine/core";
import { IconDots, IconKey, IconShield, IconShieldOff, IconUserCheck, IconUserOff } from "@tabler/icons-react";
import { useState } from "react";
import { messageOf } from "../../api/client";
import type { User } from "../../api/types";
import { useSession } from "../../app/session";
import { notifyDone } from "../../components/notify";
import { Time } from "../../components/Time";
import { common } from "../../strings/common";
import { people as words } from "../../strings/people";
import { useUserChanges } from "./mutations";

/** The user of the printed link is made by the server and changed by nobody. */
const LOCAL = "local";

/** One user and what an administrator can change; a new password is asked for in the row. */
export function UserRow({ user }: { user: User }) {
  const me = useSession().data?.id === user.id;
  const [asking, setAsking] = useState(false);
  return (
    <>
      <Table.Tr>
        <Table.Td style={{ overflowWrap: "anywhere" }}>
          <Text span fw={600}>
            {user.name}
          </Text>
          {me && (
            <Text span c="dimmed">
              {" "}
              ({words.you})
            </Text>
          )}
          {user.admin && (
            <Text size="sm" c="dimmed" hiddenFrom="sm">
              {words.admin}
            </Text>
          )}
          {user.name === LOCAL && (
            <Text size="sm" c="dimmed">
              {words.localHint}
            </Text>
          )}
        </Table.Td>
        <Table.Td visibleFrom="sm">{user.admin ? words.admin : words.user}</Table.Td>
        <Table.Td>
          <StateOf user={user} />
        </Table.Td>
        <Table.Td visibleFrom="sm">
          <Time value={user.created_at} />
        </Table.Td>
        <Table.Td>{user.name !== LOCAL && <Actions user={user} onPassword={() => setAsking(true)} />}</Table.Td>
      </Table.Tr>
      {asking && (
        <Table.Tr>
          <Table.Td colSpan={5}>
            <NewPassword user={user} onDone={() => setAsking(false)} />
          </Table.Td>
        </Table.Tr>
      )}
    </>
  );
}

function StateOf({ user }: { user: User }) {
  const [color, word] =
    user.disabled_at !== null
      ? ["orange", words.disabled]
      : user.has_password
        ? ["green", words.active]
        : ["gray", user.name === LOCAL ? words.local : words.noPassword];
  return (
    <Badge color={color} fw={600} miw="max-content">
      {word}
    </Badge>
  );
}

function Actions({ user, onPassword }: { user: User; onPassword: () => void }) {
  const { update } = useUserChanges();
  const disabled = user.disabled_at !== null;
  const { id, name } = user;
  const switchOff = () =>
    update.mutate(
      { id, disabled: !disabled },
      { onSuccess: () => notifyDone(disabled ? words.enabledDone(name) : words.disabledDone(name)) },
    );
  return (
    <Menu>
      <Menu.Target>
        <ActionIcon aria-label={words.actions(name)} loading={update.isPending}>
          <IconDots size={18} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item leftSection={<IconKey size={16} aria-hidden />} onClick={onPassword}>
          {words.setPassword}
        </Menu.Item>
        <Menu.Item
          leftSection={user.admin ? <IconShieldOff size={16} aria-hidden /> : <IconShield size={16} aria-hidden />}
          onClick={() => update.mutate({ id, admin: !user.admin })}
        >
          {user.admin ? words.unmakeAdmin : words.makeAdmin}
        </Menu.Item>
        <Menu.Item
          leftSection={disabled ? <IconUserCheck size={16} aria-hidden /> : <IconUserOff size={16} aria-hidden />}
          {...(disabled ? {} : { c: "red" })}
          onClick={switchOff}
        >
          {disabled ? words.enable : words.disable}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}

function NewPassword({ user, onDone }: { user: User; onDone: () => void }) {
  const { update } = useUserChanges();
  const [password, setPassword] = useState("");
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        const done = () => {
          notifyDone(words.passwordDone(user.name));
          onDone();
        };
        update.mutate({ id: user.id, password }, { onSuccess: done });
      }}
    >
      <Group align="end" gap="sm">
        <PasswordInput
          label={words.setPasswordFor(user.name)}
          description={words.setPasswordHint}
          autoComplete="new-password"
          style={{ flex: "1 1 220px" }}
          autoFocus
          value={password}
          error={update.error === null ? null : messageOf(update.error)}
          onChange={(event) => setPassword(event.currentTarget.value)}
          onKeyDown={(event) => {
            if (event.key === "Escape") onDone();
          }}
        />
        <Button variant="default" onClick={onDone}>
          {common.cancel}
        </Button>
        <Button type="submit" loading={update.isPending} disabled={password === ""}>
          {words.setPassword}
        </Button>
      </Group>
    </form>
  );
}
