import { Button, Code, Group, Paper, Text } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconArrowBackUp, IconDownload, IconGitCompare } from "@tabler/icons-react";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { api, call } from "../../api/client";
import type { DatasetVersion } from "../../api/types";
import { Confirm } from "../../components/Confirm";
import { notifyDone, notifyUndo } from "../../components/notify";
import { Time } from "../../components/Time";
import { count, plural } from "../../lib/format";
import { exchange } from "../../strings/exchange";
import { versions as words } from "../../strings/versions";
import { useMay } from "../people/useMay";
import { VersionDiff } from "./VersionDiff";

interface Props {
  version: DatasetVersion;
  onExport: (version: DatasetVersion) => void;
}

/** A frozen state of a dataset, and what can be done with it. */
export function VersionCard({ version, onExport }: Props) {
  const may = useMay(version.project_id);
  const [comparing, compare] = useDisclosure(false);
  const [asking, ask] = useDisclosure(false);
  const restore = useRestore(version.project_id);
  return (
    <Paper p="sm" component="article" aria-label={version.name}>
      <Group justify="space-between" wrap="nowrap">
        <Text fw={600} style={{ overflowWrap: "anywhere" }}>
          {version.name}
        </Text>
        <Text size="sm" c="dimmed" style={{ flex: "none" }}>
          <Time value={version.created_at} />
        </Text>
      </Group>
      <Text size="sm">
        {plural(version.images, "image")}, {plural(version.annotations, "annotation")}
      </Text>
      <Group justify="space-between">
        <Text size="sm" c="dimmed">
          {exchange.splitCounts(version.train, version.val, version.test)}
        </Text>
        <Code title={version.content_hash}>{version.content_hash.slice(0, 10)}</Code>
      </Group>
      <Group gap="xs" mt="xs">
        <Button
          size="compact-sm"
          variant="default"
          aria-label={words.compareOf(version.name)}
          leftSection={<IconGitCompare size={14} aria-hidden />}
          onClick={compare.open}
        >
          {words.compare}
        </Button>
        <Button
          size="compact-sm"
          variant="default"
          aria-label={words.exportOf(version.name)}
          leftSection={<IconDownload size={14} aria-hidden />}
          onClick={() => onExport(version)}
        >
          {words.export}
        </Button>
        {may("manage") && (
          <Button
            size="compact-sm"
            variant="default"
            aria-label={words.restoreOf(version.name)}
            leftSection={<IconArrowBackUp size={14} aria-hidden />}
            onClick={ask.open}
          >
            {words.restore}
          </Button>
        )}
      </Group>
      {comparing && <VersionDiff version={version} onClose={compare.close} />}
      <Confirm
        opened={asking}
        title={words.restoreTitle(version.name)}
        body={words.restoreBody}
        action={words.restore}
        color="ink"
        busy={restore.isPending}
        onClose={ask.close}
        onConfirm={() => restore.mutate(version.id, { onSuccess: ask.close })}
      />
    </Paper>
  );
}

function useRestore(projectId: string) {
  const client = useQueryClient();
  const send = async (id: string) => {
    const done = await call(
      api.POST("/api/v1/versions/{version_id}/restore", { params: { path: { version_id: id } } }),
    );
    await Promise.all(
      [["images", projectId], ["counts", projectId], ["versions", projectId], ["classes", projectId], ["image"]].map(
        (queryKey) => client.invalidateQueries({ queryKey }),
      ),
    );
    return done;
  };
  return useMutation({
    mutationFn: send,
    onSuccess: (done) => {
      const said = words.restored(plural(done.changed, "image"), count(done.back), count(done.trashed));
      const before = done.before_id;
      if (before === null) notifyDone(said);
      else notifyUndo(said, () => send(before));
      if (done.lost > 0) notifyDone(words.lost(plural(done.lost, "image")));
    },
  });
}
