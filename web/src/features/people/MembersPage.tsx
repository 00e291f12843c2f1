import { Tabs, Text } from "@mantine/core";
import { IconHistory, IconUsers } from "@tabler/icons-react";
import { getRouteApi } from "@tanstack/react-router";
import { useSession } from "../../app/session";
import { LinkButton } from "../../components/links";
import { Page } from "../../components/Page";
import { people as words } from "../../strings/people";
import { AuditList } from "./AuditList";
import { MemberList } from "./MemberList";
import { useMay } from "./useMay";

const route = getRouteApi("/projects/$projectId/people");

/** Who takes part in a project and what each may do; its managers change that and read what was done. */
export function MembersPage() {
  const { projectId } = route.useParams();
  const { view = "members" } = route.useSearch();
  const navigate = route.useNavigate();
  const manages = useMay(projectId)("manage");
  const admin = useSession().data?.admin === true;
  const show = (tab: string | null) =>
    void navigate({ search: tab === "audit" ? { view: "audit" } : {}, replace: true });
  return (
    <Page
      title={words.title}
      width={1024}
      actions={
        admin && (
          <LinkButton to="/people" variant="default" leftSection={<IconUsers size={16} aria-hidden />}>
            {words.toUsers}
          </LinkButton>
        )
      }
    >
      <Tabs value={manages ? view : "members"} onChange={show} keepMounted={false}>
        {manages && (
          <Tabs.List aria-label={words.views} mb="md">
            <Tabs.Tab value="members" leftSection={<IconUsers size={16} aria-hidden />}>
              {words.members}
            </Tabs.Tab>
            <Tabs.Tab value="audit" leftSection={<IconHistory size={16} aria-hidden />}>
              {words.audit}
            </Tabs.Tab>
          </Tabs.List>
        )}
        <Tabs.Panel value="members">
          <Text c="dimmed" mb="md">
            {words.membersHint}
          </Text>
          <MemberList projectId={projectId} manages={manages} />
        </Tabs.Panel>
        <Tabs.Panel value="audit">
          <AuditList projectId={projectId} />
        </Tabs.Panel>
      </Tabs>
    </Page>
  );
}
