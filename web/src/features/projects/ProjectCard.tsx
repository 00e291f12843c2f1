import { ActionIcon, Box, Button, Card, Group, Menu, Modal, Text, Title } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconDots, IconPencil, IconPhoto, IconRestore, IconTrash } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import type { Project } from "../../api/types";
import { Time } from "../../components/Time";
import { TypedConfirm } from "../../components/TypedConfirm";
import { plural } from "../../lib/format";
import { common } from "../../strings/common";
import { projects as words } from "../../strings/projects";
import { Arriving } from "../jobs/Arriving";
import { useMay } from "../people/useMay";
import { Cover } from "./Cover";
import { CoverPicker } from "./CoverPicker";
import { useDeleteProject, useRestoreProject, useUpdateProject } from "./mutations";
import { ProjectForm } from "./ProjectForm";
import css from "./projects.module.css";

/** A project at a glance, with all that can be done to it. */
export function ProjectCard({ project }: { project: Project }) {
  const deleted = project.deleted_at !== null && project.deleted_at !== undefined;
  const { images, labeled, classes, models } = project;
  const counts = (
    <Text size="sm">
      {words.counts(
        plural(images, "image"),
        images === 0 ? "0" : String(labeled),
        plural(classes, "class", "classes"),
        plural(models, "model"),
      )}
    </Text>
  );
  return (
    <Card component="article" withBorder padding="md" className={css.card} aria-label={project.name}>
      <Card.Section>
        <Cover project={project} />
      </Card.Section>
      <Group justify="space-between" wrap="nowrap" mt="sm" gap="xs">
        <Title order={2} size="h3" className={css.name}>
          {deleted ? (
            project.name
          ) : (
            <Link
              to="/projects/$projectId/images"
              params={{ projectId: project.id }}
              className={css.link}
              aria-label={words.open(project.name)}
            >
              {project.name}
            </Link>
          )}
        </Title>
        {!deleted && <ProjectMenu project={project} />}
      </Group>
      {project.description !== "" && (
        <Text c="dimmed" size="sm" lineClamp={2}>
          {project.description}
        </Text>
      )}
      <Box mt="xs">{images === 0 && !deleted ? <Arriving projectId={project.id}>{counts}</Arriving> : counts}</Box>
      <Group justify="space-between" mt="auto" pt="xs">
        <Text size="xs" c="dimmed">
          {deleted ? words.deletedAt : words.changed} <Time value={project.deleted_at ?? project.updated_at} />
        </Text>
        {deleted && <RestoreButton project={project} />}
      </Group>
    </Card>
  );
}

function RestoreButton({ project }: { project: Project }) {
  const restore = useRestoreProject();
  if (!useMay(project.id)("manage")) return null;
  return (
    <Button
      size="compact-sm"
      variant="light"
      leftSection={<IconRestore size={16} aria-hidden />}
      aria-label={words.restore(project.name)}
      loading={restore.isPending}
      onClick={() => restore.mutate(project)}
    >
      {common.restore}
    </Button>
  );
}

interface ChoicesProps {
  projectId: string;
  onEdit: () => void;
  onCover: () => void;
  onDelete: () => void;
}

/** Asks for the role only when the menu opens: lists of projects do not tell it. */
function Choices({ projectId, onEdit, onCover, onDelete }: ChoicesProps) {
  const may = useMay(projectId);
  const disabled = !may("manage");
  return (
    <>
      {may.why("manage") !== undefined && <Menu.Label maw={260}>{may.why("manage")}</Menu.Label>}
      <Menu.Item leftSection={<IconPencil size={16} />} disabled={disabled} onClick={onEdit}>
        {words.edit}
      </Menu.Item>
      <Menu.Item leftSection={<IconPhoto size={16} />} disabled={disabled} onClick={onCover}>
        {words.cover}
      </Menu.Item>
      <Menu.Divider />
      <Menu.Item c="red" leftSection={<IconTrash size={16} />} disabled={disabled} onClick={onDelete}>
        {words.delete}
      </Menu.Item>
    </>
  );
}

function ProjectMenu({ project }: { project: Project }) {
  const [editing, edit] = useDisclosure(false);
  const [choosing, choose] = useDisclosure(false);
  const [deleting, remove] = useDisclosure(false);
  const update = useUpdateProject(project.id);
  const del = useDeleteProject();
  return (
    <>
      <Menu>
        <Menu.Target>
          <ActionIcon aria-label={words.menu(project.name)} className={css.menu}>
            <IconDots size={18} />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <Choices projectId={project.id} onEdit={edit.open} onCover={choose.open} onDelete={remove.open} />
        </Menu.Dropdown>
      </Menu>
      <Modal opened={editing} onClose={edit.close} title={words.editTitle}>
        <ProjectForm
          initial={project}
          action={common.save}
          busy={update.isPending}
          error={update.error}
          onCancel={edit.close}
          onSubmit={(text) => update.mutate(text, { onSuccess: edit.close })}
        />
      </Modal>
      <CoverPicker project={project} opened={choosing} onClose={choose.close} />
      <TypedConfirm
        opened={deleting}
        title={words.deleteTitle}
        body={words.deleteBody(project.name)}
        phrase={project.name}
        label={words.deleteLabel}
        wrong={words.deleteWrong}
        action={words.deleteAction}
        busy={del.isPending}
        onClose={remove.close}
        onConfirm={(confirm) => del.mutate({ project, confirm }, { onSuccess: remove.close })}
      />
    </>
  );
}
