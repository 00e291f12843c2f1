import { Button, Code, Group, Paper, Text } from "@mantine/core";
import { IconArrowBackUp, IconDownload, IconGitCompare } from "@tabler/icons-react";
import type { DatasetVersion } from "../../api/types";
import { Time } from "../../components/Time";
import { plural } from "../../lib/format";
import { exchange } from "../../strings/exchange";
import { versions as words } from "../../strings/versions";
import { useMay } from "../people/useMay";

export type VersionDeed = "compare" | "export" | "restore";

interface Props {
  version: DatasetVersion;
  onDeed: (deed: VersionDeed) => void;
}

/** A frozen state of a dataset, and what can be done with it. */
export function VersionCard({ version, onDeed }: Props) {
  const may = useMay(version.project_id);
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
          onClick={() => onDeed("compare")}
        >
          {words.compare}
        </Button>
        <Button
          size="compact-sm"
          variant="default"
          aria-label={words.exportOf(version.name)}
          leftSection={<IconDownload size={14} aria-hidden />}
          onClick={() => onDeed("export")}
        >
          {words.export}
        </Button>
        {may("manage") && (
          <Button
            size="compact-sm"
            variant="default"
            aria-label={words.restoreOf(version.name)}
            leftSection={<IconArrowBackUp size={14} aria-hidden />}
            onClick={() => onDeed("restore")}
          >
            {words.restore}
          </Button>
        )}
      </Group>
    </Paper>
  );
}
