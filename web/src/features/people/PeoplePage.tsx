import { Button, Tabs, Text } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconHistory, IconPlus, IconUsers } from "@tabler/icons-react";
import { getRouteApi } from "@tanstack/react-router";
import { useSession } from "../../app/session";
import { NotFound } from "../../app/Crash";
import { Page } from "../../components/Page";
import { people as words } from "../../strings/people";
import { AuditList } from "./AuditList";
import { UserList } from "./UserList";

const route = getRouteApi("/people");

/** Everybody who can sign in, and what was done; for administrators. */
export function PeoplePage() {
  const { view = "users" } = route.useSearch();
  const navigate = route.useNavigate();
  const [adding, add] = useDisclosure(false);
  if (useSession().data?.admin !== true) return <NotFound />;
  const show = (tab: string | null) =>
    void navigate({ search: tab === "audit" ? { view: "audit" } : {}, replace: true });
  return (
    <Page
      title={words.title}
      width={1024}
      actions={
        view === "users" && (
          <Button leftSection={<IconPlus size={16} aria-hidden />} onClick={add.open}>
            {words.add}
          </Button>
        )
      }
    >
      <Tabs value={view} onChange={show} keepMounted={false}>
        <Tabs.List aria-label={words.views} mb="md">
          <Tabs.Tab value="users" leftSection={<IconUsers size={16} aria-hidden />}>
            {words.users}
          </Tabs.Tab>
          <Tabs.Tab value="audit" leftSection={<IconHistory size={16} aria-hidden />}>
            {words.audit}
          </Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="users">
          <Text c="dimmed" mb="md">
            {words.usersHint}
          </Text>
          <UserList adding={adding} onAdd={add.open} onAdded={add.close} />
        </Tabs.Panel>
        <Tabs.Panel value="audit">
          <AuditList />
        </Tabs.Panel>
      </Tabs>
    </Page>
  );
}
