import { Button, Card, Group, List, SimpleGrid, Skeleton, Title } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconArrowLeft, IconDice5, IconPlus, IconSearch, IconStack2, IconTrash } from "@tabler/icons-react";
import { useInfiniteQuery } from "@tanstack/react-query";
import { getRouteApi, useNavigate } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { projectsQuery } from "../../api/queries";
import type { Project } from "../../api/types";
import { Empty } from "../../components/Empty";
import { ErrorBox } from "../../components/ErrorBox";
import { Busy } from "../../components/Loaded";
import { Page } from "../../components/Page";
import { SearchBox } from "../../components/SearchBox";
import { common } from "../../strings/common";
import { projects as words } from "../../strings/projects";
import { useCreateProject } from "./mutations";
import { ProjectCard } from "./ProjectCard";
import { ProjectForm } from "./ProjectForm";
import { useAddSample } from "./useAddSample";
import { LinkButton } from "../../components/links";
import css from "./projects.module.css";

const route = getRouteApi("/projects");

/** All projects as cards; the trash is the same page with another list. */
export function ProjectsPage() {
  const { q = "", trash = false } = route.useSearch();
  const navigate = route.useNavigate();
  const [creating, create] = useDisclosure(false);
  const list = useInfiniteQuery(projectsQuery(q, trash));
  const projects = list.data?.pages.flatMap((page) => page.items);
  const search = (text: string) =>
    void navigate({
      search: { ...(text === "" ? {} : { q: text }), ...(trash ? { trash: true } : {}) },
      replace: true,
    });
  const fresh = projects?.length === 0 && q === "" && !trash;
  return (
    <Page
      title={trash ? words.trashTitle : words.title}
      subtitle={trash ? words.trashHint : undefined}
      width={1440}
      actions={<Actions q={q} trash={trash} fresh={fresh} onSearch={search} onCreate={create.open} />}
    >
      {list.isPending && <CardSkeletons />}
      {list.isError && projects === undefined && <ErrorBox error={list.error} onRetry={() => list.refetch()} />}
      {projects !== undefined && (
        <Cards
          projects={projects}
          creating={creating && !trash}
          onClose={create.close}
          empty={fresh ? <Welcome onCreate={create.open} /> : <NothingFound query={q} onClear={() => search("")} />}
        />
      )}
      <More shown={list.hasNextPage} busy={list.isFetchingNextPage} onMore={() => void list.fetchNextPage()} />
    </Page>
  );
}

function More({ shown, busy, onMore }: { shown: boolean; busy: boolean; onMore: () => void }) {
  if (!shown) return null;
  return (
    <Group justify="center" mt="md">
      <Button variant="default" loading={busy} onClick={onMore}>
        {common.loadMore}
      </Button>
    </Group>
  );
}

interface ActionsProps {
  q: string;
  trash: boolean;
  /** There is no project at all yet: nothing to search. */
  fresh: boolean;
  onSearch: (text: string) => void;
  onCreate: () => void;
}

function Actions({ q, trash, fresh, onSearch, onCreate }: ActionsProps) {
  return (
    <>
      {!fresh && <SearchBox className={css.search} label={words.search} value={q} onSearch={onSearch} />}
      <TrashLink trash={trash} />
      {!trash && (
        <Button leftSection={<IconPlus size={16} aria-hidden />} onClick={onCreate}>
          {words.create}
        </Button>
      )}
    </>
  );
}

interface CardsProps {
  projects: readonly Project[];
  creating: boolean;
  onClose: () => void;
  empty: ReactNode;
}

function Cards({ projects, creating, onClose, empty }: CardsProps) {
  if (projects.length === 0 && !creating) return empty;
  return (
    <SimpleGrid cols={{ base: 1, xs: 2, md: 3, lg: 4 }} spacing="md">
      {creating && <CreateCard onClose={onClose} />}
      {projects.map((project) => (
        <ProjectCard key={project.id} project={project} />
      ))}
    </SimpleGrid>
  );
}

function TrashLink({ trash }: { trash: boolean }) {
  return trash ? (
    <LinkButton to="/projects" search={{}} variant="default" leftSection={<IconArrowLeft size={16} aria-hidden />}>
      {words.showAll}
    </LinkButton>
  ) : (
    <LinkButton
      to="/projects"
      search={{ trash: true }}
      variant="default"
      leftSection={<IconTrash size={16} aria-hidden />}
    >
      {words.showTrash}
    </LinkButton>
  );
}

function CreateCard({ onClose }: { onClose: () => void }) {
  const create = useCreateProject();
  const navigate = useNavigate();
  const open = (project: Project) =>
    void navigate({ to: "/projects/$projectId/images", params: { projectId: project.id } });
  return (
    <Card withBorder component="section" aria-label={words.create}>
      <Title order={2} size="h3" mb="xs">
        {words.create}
      </Title>
      <ProjectForm
        action={words.createAction}
        busy={create.isPending}
        error={create.error}
        onCancel={onClose}
        onSubmit={(text) => create.mutate(text, { onSuccess: open })}
      />
    </Card>
  );
}

function Welcome({ onCreate }: { onCreate: () => void }) {
  const sample = useAddSample();
  return (
    <Empty
      icon={IconStack2}
      title={words.emptyTitle}
      action={
        <>
          <Button size="md" leftSection={<IconPlus size={18} aria-hidden />} onClick={onCreate}>
            {words.emptyAction}
          </Button>
          <Button
            size="md"
            variant="default"
            leftSection={<IconDice5 size={18} aria-hidden />}
            loading={sample.isPending}
            onClick={() => sample.mutate()}
          >
            {words.addSample}
          </Button>
        </>
      }
    >
      {words.emptyBody}
      <List type="ordered" ta="left" mt="md" spacing={4}>
        {words.loop.map((step) => (
          <List.Item key={step}>{step}</List.Item>
        ))}
      </List>
    </Empty>
  );
}

function NothingFound({ query, onClear }: { query: string; onClear: () => void }) {
  if (query === "") {
    return (
      <Empty icon={IconTrash} title={words.trashEmptyTitle}>
        {words.trashEmptyBody}
      </Empty>
    );
  }
  return (
    <Empty
      icon={IconSearch}
      title={words.nothingFound(query)}
      action={
        <Button variant="default" onClick={onClear}>
          {words.clearSearch}
        </Button>
      }
    >
      {words.nothingFoundBody}
    </Empty>
  );
}

function CardSkeletons() {
  return (
    <Busy>
      <SimpleGrid cols={{ base: 1, xs: 2, md: 3, lg: 4 }} spacing="md">
        {[0, 1, 2, 3].map((key) => (
          <Skeleton key={key} height={260} radius="md" />
        ))}
      </SimpleGrid>
    </Busy>
  );
}
