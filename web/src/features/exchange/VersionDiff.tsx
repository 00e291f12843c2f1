import { Modal, Select, Stack, Table, Text } from "@mantine/core";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { api, call, type Schemas } from "../../api/client";
import { versionsQuery } from "../../api/queries";
import type { DatasetVersion } from "../../api/types";
import { LinkAnchor } from "../../components/links";
import { Loaded } from "../../components/Loaded";
import { WideTable } from "../../components/WideTable";
import { count, plural } from "../../lib/format";
import { common } from "../../strings/common";
import { versions as words } from "../../strings/versions";

type Diff = Schemas["VersionDiff"];
type Changes = Schemas["Changes"];
const KINDS = ["added", "removed", "changed"] as const;

interface Props {
  version: DatasetVersion;
  onClose: () => void;
}

/** What came, went and changed between a version and another one, or now. */
export function VersionDiff({ version, onClose }: Props) {
  const [other, setOther] = useState("");
  const versions = useQuery(versionsQuery(version.project_id));
  const diff = useQuery({
    // Stale whenever the counts are: the project may have changed.
    queryKey: ["counts", version.project_id, "versionDiff", version.id, other],
    placeholderData: keepPreviousData,
    queryFn: () =>
      call(
        api.GET("/api/v1/versions/{version_id}/changes", {
          params: { path: { version_id: version.id }, query: other === "" ? {} : { other } },
        }),
      ),
  });
  return (
    <Modal opened onClose={onClose} title={words.title(version.name)} size="lg">
      <Stack>
        <Select
          label={words.with}
          allowDeselect={false}
          data={[
            { value: "", label: words.now },
            ...(versions.data ?? [])
              .filter(({ id }) => id !== version.id)
              .map((found) => ({ value: found.id, label: found.name })),
          ]}
          value={other}
          onChange={(value) => setOther(value ?? "")}
        />
        <Loaded query={diff}>{(found) => <Difference projectId={version.project_id} diff={found} />}</Loaded>
      </Stack>
    </Modal>
  );
}

function Difference({ projectId, diff }: { projectId: string; diff: Diff }) {
  if (diff.examples.length === 0) return <Text>{words.same}</Text>;
  return (
    <Stack gap="sm">
      <WideTable label={words.objects} least={360}>
        <Table>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{words.what}</Table.Th>
              <Heads />
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            <Row name={words.images} changes={diff.images} strong />
            <Row name={words.objects} changes={diff.objects} strong />
            {diff.classes.map((one) => (
              <Row key={one.class_id} name={one.name} changes={one.objects} />
            ))}
          </Table.Tbody>
        </Table>
      </WideTable>
      {diff.moved > 0 && <Text size="sm">{words.moved(plural(diff.moved, "image"))}</Text>}
      <Examples projectId={projectId} diff={diff} />
    </Stack>
  );
}

function Heads() {
  return KINDS.map((kind) => (
    <Table.Th key={kind} ta="right">
      {words.changes[kind]}
    </Table.Th>
  ));
}

function Row({ name, changes, strong = false }: { name: string; changes: Changes; strong?: boolean }) {
  return (
    <Table.Tr fw={strong ? 600 : 400}>
      <Table.Th scope="row" fw="inherit" style={{ overflowWrap: "anywhere" }}>
        {name}
      </Table.Th>
      {KINDS.map((kind) => (
        <Table.Td key={kind} ta="right" className="number">
          {count(changes[kind])}
        </Table.Td>
      ))}
    </Table.Tr>
  );
}

function Examples({ projectId, diff }: { projectId: string; diff: Diff }) {
  const all = KINDS.reduce((sum, kind) => sum + diff.images[kind], 0);
  const splitName = (split: string | null | undefined) =>
    common.split[split === "train" || split === "val" || split === "test" ? split : "none"];
  return (
    <WideTable label={words.image} least={480}>
      {all > diff.examples.length && <Text size="sm">{words.first(plural(diff.examples.length, "image"))}</Text>}
      <Table>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{words.image}</Table.Th>
            <Table.Th>{words.what}</Table.Th>
            <Heads />
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {diff.examples.map((one) => (
            <Table.Tr key={one.id}>
              <Table.Td style={{ overflowWrap: "anywhere" }}>
                {one.change === "removed" ? (
                  one.name
                ) : (
                  <LinkAnchor
                    to="/projects/$projectId/annotate/$imageId"
                    params={{ projectId, imageId: one.id }}
                    size="sm"
                  >
                    {one.name}
                  </LinkAnchor>
                )}
              </Table.Td>
              <Table.Td>
                {words.changes[one.change]}
                {one.split_before !== null && (
                  <Text span size="xs" c="dimmed" display="block">
                    {words.split(splitName(one.split_before), splitName(one.split_after))}
                  </Text>
                )}
              </Table.Td>
              {KINDS.map((kind) => (
                <Table.Td key={kind} ta="right" className="number">
                  {count(one.objects[kind])}
                </Table.Td>
              ))}
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </WideTable>
  );
}
