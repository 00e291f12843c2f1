import { ActionIcon, Menu, Tooltip } from "@mantine/core";
import { IconDatabaseExport, IconLogout, IconUserCircle, IconUserCog, IconUsers } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { notifyError } from "../components/notify";
import { account as words } from "../strings/account";
import { signOut, useSession } from "./session";

/** Who is signed in, and the way to what is theirs. */
export function AccountMenu() {
  const me = useSession().data;
  const [opened, setOpened] = useState(false);
  if (me === null || me === undefined) return null;
  const name = me.name === "local" ? words.local : me.name;
  return (
    <Menu width={240} opened={opened} onChange={setOpened}>
      <Menu.Target>
        <Tooltip label={name} disabled={opened}>
          <ActionIcon aria-label={words.menu(name)}>
            <IconUserCircle size={20} stroke={1.5} />
          </ActionIcon>
        </Tooltip>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label style={{ overflowWrap: "anywhere" }}>
          {name} · {me.admin ? words.administrator : words.user}
        </Menu.Label>
        <Menu.Item component={Link} to="/account" leftSection={<IconUserCog size={16} aria-hidden />}>
          {words.open}
        </Menu.Item>
        {me.admin && (
          <>
            <Menu.Item component={Link} to="/people" leftSection={<IconUsers size={16} aria-hidden />}>
              {words.people}
            </Menu.Item>
            <Menu.Item component={Link} to="/backup" leftSection={<IconDatabaseExport size={16} aria-hidden />}>
              {words.backup}
            </Menu.Item>
          </>
        )}
        <Menu.Divider />
        <Menu.Item
          leftSection={<IconLogout size={16} aria-hidden />}
          onClick={() => void signOut().catch((error: unknown) => notifyError(error, words.signOutFailed))}
        >
          {words.signOut}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
