import { Button, Stack, Table, Text } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconTrash } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi, useNavigate } from "@tanstack/react-router";
import { projectQuery, systemQuery } from "../../api/queries";
import type { Project, System } from "../../api/types";
import { Loaded } from "../../components/Loaded";
import { notifyDone } from "../../components/notify";
import { Page } from "../../components/Page";
import { Section } from "../../components/Section";
import { TypedConfirm } from "../../components/TypedConfirm";
import { bytes } from "../../lib/format";
import { common } from "../../strings/common";
import { originals } from "../../strings/originals";
import { projects as projectWords } from "../../strings/projects";
import { settings as words } from "../../strings/settings";
import { work } from "../../strings/work";
import { ClassesPanel } from "../classes/ClassesPanel";
import { CopyInSetting } from "../originals/CopyInSetting";
import { originalsQuery } from "../originals/useOriginals";
import { Why } from "../people/Guarded";
import { useMay } from "../people/useMay";
import { useDeleteProject, useUpdateProject } from "../projects/mutations";
import { WorkflowSetting } from "../workflow/WorkflowSetting";
import { ProjectForm } from "../projects/ProjectForm";

const route = getRouteApi("/projects/$projectId/settings");
const LOW = 2e9;

/** Name, classes, deletion of a project, and what the installation is. */
export function SettingsPage() {
  const { projectId } = route.useParams();
  const project = useQuery(projectQuery(projectId));
  const system = useQuery(systemQuery);
  const away = useQuery(originalsQuery(projectId));
  const may = useMay(projectId);
  return (
    <Page title={words.title} width={800}>
      <Stack gap="md">
        <Section title={words.project}>
          <Why projectId={projectId} deed="manage" />
          <Loaded query={project}>{(data) => <Details project={data} fixed={!may("manage")} />}</Loaded>
        </Section>
        <Section title={words.classes}>
          <ClassesPanel key={projectId} projectId={projectId} />
        </Section>
        <Section title={work.settings.title}>
          <Loaded query={project}>{(data) => <WorkflowSetting project={data} fixed={!may("manage")} />}</Loaded>
        </Section>
        <Section title={originals.title}>
          <Loaded query={away}>
            {({ images }) => <CopyInSetting projectId={projectId} images={images} fixed={!may("manage")} />}
          </Loaded>
        </Section>
        <Section title={words.system}>
          <Loaded query={system}>{(data) => <Installation system={data} />}</Loaded>
        </Section>
        {may("manage") && (
          <Section title={words.danger}>
            <Text mb="sm">{words.dangerBody}</Text>
            <Loaded query={project}>{(data) => <Danger project={data} />}</Loaded>
          </Section>
        )}
      </Stack>
    </Page>
  );
}

function Details({ project, fixed }: { project: Project; fixed: boolean }) {
  const update = useUpdateProject(project.id);
  return (
    <ProjectForm
      initial={project}
      fixed={fixed}
      action={common.save}
      busy={update.isPending}
      error={update.error}
      onSubmit={(text) => update.mutate(text, { onSuccess: () => notifyDone(words.saved) })}
    />
  );
}

function Danger({ project }: { project: Project }) {
  const [asking, ask] = useDisclosure(false);
  const remove = useDeleteProject();
  const navigate = useNavigate();
  return (
    <>
      <Button color="red" variant="light" leftSection={<IconTrash size={16} aria-hidden />} onClick={ask.open}>
        {words.delete}
      </Button>
      <TypedConfirm
        opened={asking}
        title={projectWords.deleteTitle}
        body={projectWords.deleteBody(project.name)}
        phrase={project.name}
        label={projectWords.deleteLabel}
        wrong={projectWords.deleteWrong}
        action={projectWords.deleteAction}
        busy={remove.isPending}
        onClose={ask.close}
        onConfirm={(confirm) =>
          remove.mutate({ project, confirm }, { onSuccess: () => void navigate({ to: "/projects" }) })
        }
      />
    </>
  );
}

function Installation({ system }: { system: System }) {
  const rows: [string, string][] = [
    [words.version, system.version],
    ...(system.data === "" ? [] : [[words.data, system.data] as [string, string]]),
    [words.disk, words.diskOf(bytes(system.disk_free), bytes(system.disk_total))],
    [words.training, system.can_train ? words.canTrain : words.cannotTrain],
  ];
  return (
    <>
      <Table>
        <Table.Tbody>
          {rows.map(([name, value]) => (
            <Table.Tr key={name}>
              <Table.Th scope="row" fw={400} c="dimmed" w={180}>
                {name}
              </Table.Th>
              <Table.Td style={{ overflowWrap: "anywhere" }}>{value}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
      {system.disk_free < LOW && (
        <Text c="red" mt="sm" role="alert">
          {words.diskLow}
        </Text>
      )}
    </>
  );
}
