import { Button, Group, Progress, Text, Title } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconArrowRight, IconClipboardCheck, IconUserCheck } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { projectQuery } from "../../api/queries";
import type { WorkQueue } from "../../api/types";
import { useSession } from "../../app/session";
import { Empty } from "../../components/Empty";
import { LinkButton } from "../../components/links";
import { Loaded } from "../../components/Loaded";
import { Page } from "../../components/Page";
import { Section } from "../../components/Section";
import { agreement } from "../../strings/agreement";
import { work } from "../../strings/work";
import { useMay } from "../people/useMay";
import { AssignDialog } from "./AssignDialog";
import { countOf, OPEN, queueQuery, STATES } from "./useWork";
import { CountLink, WorkTable } from "./WorkTable";
import css from "./work.module.css";

const { queue: words } = work;
const route = getRouteApi("/projects/$projectId/work");

/** What each person has to do in a project, and what waits for a decision. */
export function WorkPage() {
  const { projectId } = route.useParams();
  const project = useQuery(projectQuery(projectId));
  const queue = useQuery(queueQuery(projectId));
  const may = useMay(projectId);
  const [isAssigning, assigning] = useDisclosure(false);
  return (
    <Page
      title={work.title}
      width={1024}
      subtitle={words.intro}
      actions={
        project.data?.reviewed === true && (
          <>
            {may("review") && (
              <LinkButton to="/projects/$projectId/agreement" params={{ projectId }} variant="default">
                {agreement.title}
              </LinkButton>
            )}
            {may("manage") && (
              <Button variant="default" leftSection={<IconUserCheck size={16} aria-hidden />} onClick={assigning.open}>
                {work.assign.action}
              </Button>
            )}
          </>
        )
      }
    >
      <Loaded query={project}>
        {({ reviewed }) =>
          reviewed ? <Loaded query={queue}>{(data) => <Queue projectId={projectId} queue={data} />}</Loaded> : <Off />
        }
      </Loaded>
      <AssignDialog
        projectId={projectId}
        filter={{ assignee: "nobody" }}
        which={work.assign.unassigned}
        opened={isAssigning}
        onClose={assigning.close}
      />
    </Page>
  );
}

function Off() {
  const { projectId } = route.useParams();
  return (
    <Empty
      icon={IconClipboardCheck}
      title={words.off}
      action={
        <LinkButton to="/projects/$projectId/settings" params={{ projectId }}>
          {words.toSettings}
        </LinkButton>
      }
    >
      {words.offHint}
    </Empty>
  );
}

interface Props {
  projectId: string;
  queue: WorkQueue;
}

function Queue({ projectId, queue }: Props) {
  const me = useSession().data?.id ?? "";
  const may = useMay(projectId);
  const waiting = queue.counts.filter(({ state }) => state === "submitted");
  const forMe = waiting.filter(({ assignee_id }) => assignee_id !== me).reduce((sum, { images }) => sum + images, 0);
  const all = queue.counts.reduce((sum, { images }) => sum + images, 0);
  const done = queue.counts.filter(({ state }) => state === "accepted").reduce((sum, { images }) => sum + images, 0);
  const mine = STATES.filter((state) => countOf(queue, me, [state]) > 0);
  const open = countOf(queue, me, OPEN);
  return (
    <>
      <div className={css.cards}>
        <Section title={words.mine}>
          {mine.length > 0 ? (
            <div className={css.counts}>
              {mine.map((state) => (
                <CountLink
                  key={state}
                  projectId={projectId}
                  who="me"
                  name={work.you}
                  state={state}
                  n={countOf(queue, me, [state])}
                  named
                />
              ))}
            </div>
          ) : (
            <Text c="dimmed">{words.mineNone}</Text>
          )}
          {mine.length > 0 && open === 0 && <Text c="dimmed">{words.mineDone}</Text>}
          <Go
            projectId={projectId}
            to={queue.next_mine}
            label={words.continue}
            search={{ assignee: "me", work: "open" }}
          />
        </Section>
        <Section title={words.review}>
          {forMe > 0 ? (
            <Text fz={28} fw={600} lh={1.2}>
              {forMe}
            </Text>
          ) : (
            <Text c="dimmed">{words.reviewNone}</Text>
          )}
          {may("review") ? (
            <Go projectId={projectId} to={queue.next_review} label={words.reviewNext} search={{ work: "submitted" }} />
          ) : (
            <Text c="dimmed" size="sm">
              {words.needs}
            </Text>
          )}
        </Section>
      </div>
      <Title order={2} mt="lg" mb="xs">
        {words.everybody}
      </Title>
      <Progress value={all === 0 ? 0 : (100 * done) / all} color="teal" aria-label={words.progress(done, all)} />
      <Text size="sm" c="dimmed" mt={4} mb="sm">
        {words.progress(done, all)}
      </Text>
      <WorkTable projectId={projectId} queue={queue} />
    </>
  );
}

interface GoProps {
  projectId: string;
  to: string | null | undefined;
  label: string;
  search: { assignee?: string; work: "open" | "submitted" };
}

/** To the image that comes next; nothing where there is none. */
function Go({ projectId, to, label, search }: GoProps) {
  if (typeof to !== "string") return null;
  return (
    <Group mt="md">
      <LinkButton
        to="/projects/$projectId/annotate/$imageId"
        params={{ projectId, imageId: to }}
        search={search}
        rightSection={<IconArrowRight size={16} aria-hidden />}
      >
        {label}
      </LinkButton>
    </Group>
  );
}
