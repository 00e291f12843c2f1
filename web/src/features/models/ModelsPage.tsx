import { Group, Paper, Table } from "@mantine/core";
import { IconBox, IconSchool } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { libraryQuery } from "../../api/queries";
import type { Model } from "../../api/types";
import { Empty } from "../../components/Empty";
import { Loaded } from "../../components/Loaded";
import { Page } from "../../components/Page";
import { Time } from "../../components/Time";
import { bytes, percent } from "../../lib/format";
import { models as words } from "../../strings/models";
import { useMay } from "../people/useMay";
import { GivesBadge } from "./GivesBadge";
import { ImportModel } from "./ImportModel";
import { LinkAnchor, LinkButton } from "../../components/links";
import { WideTable } from "../../components/WideTable";

const route = getRouteApi("/projects/$projectId/models");

/** The model library of a project. */
export function ModelsPage() {
  const { projectId } = route.useParams();
  const models = useQuery(libraryQuery(projectId));
  const may = useMay(projectId);
  return (
    <Page title={words.title} width={1280} actions={may("manage") && <ImportModel projectId={projectId} />}>
      <Loaded query={models}>
        {(list) => (list.length === 0 ? <NoModels projectId={projectId} /> : <ModelTable models={list} />)}
      </Loaded>
    </Page>
  );
}

function NoModels({ projectId }: { projectId: string }) {
  return (
    <Empty
      icon={IconBox}
      title={words.emptyTitle}
      action={
        <LinkButton
          to="/projects/$projectId/train"
          params={{ projectId }}
          leftSection={<IconSchool size={16} aria-hidden />}
        >
          {words.emptyAction}
        </LinkButton>
      }
    >
      {words.emptyBody}
    </Empty>
  );
}

function ModelTable({ models }: { models: readonly Model[] }) {
  const columns = words.columns;
  return (
    <Paper p={0}>
      <WideTable label={words.title} least={340}>
        <Table highlightOnHover verticalSpacing="sm" horizontalSpacing="md" aria-label={words.title}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{columns.name}</Table.Th>
              <Table.Th className="number">{columns.test}</Table.Th>
              <Table.Th className="number" visibleFrom="sm">
                {columns.test50}
              </Table.Th>
              <Table.Th className="number" visibleFrom="sm">
                {columns.val}
              </Table.Th>
              <Table.Th className="number" visibleFrom="sm">
                {columns.size}
              </Table.Th>
              <Table.Th>{columns.created}</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {models.map((model) => (
              <Table.Tr key={model.id}>
                <Table.Td>
                  <Group gap="xs">
                    <ModelLink model={model} />
                    <GivesBadge task={model.task} />
                  </Group>
                </Table.Td>
                <Table.Td className="number">{percent(model.test?.map50_95)}</Table.Td>
                <Table.Td className="number" visibleFrom="sm">
                  {percent(model.test?.map50)}
                </Table.Td>
                <Table.Td className="number" visibleFrom="sm">
                  {percent(model.val?.map50_95)}
                </Table.Td>
                <Table.Td className="number" visibleFrom="sm">
                  {bytes(model.onnx_bytes)}
                </Table.Td>
                <Table.Td>
                  <Time value={model.created_at} />
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </WideTable>
    </Paper>
  );
}

function ModelLink({ model }: { model: Model }) {
  return (
    <LinkAnchor
      fw={600}
      aria-label={words.open(model.name)}
      to="/projects/$projectId/models/$modelId"
      params={{ projectId: model.project_id, modelId: model.id }}
    >
      {model.name}
    </LinkAnchor>
  );
}
