import { Button, Drawer, Group, Stack, Text, TextInput } from "@mantine/core";
import { IconHistory, IconSnowflake } from "@tabler/icons-react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { api, call } from "../../api/client";
import { keys } from "../../api/keys";
import { versionsQuery } from "../../api/queries";
import type { DatasetVersion } from "../../api/types";
import { Empty } from "../../components/Empty";
import { Loaded } from "../../components/Loaded";
import { notifyDone } from "../../components/notify";
import { exchange as words } from "../../strings/exchange";
import { Guarded } from "../people/Guarded";
import { RestoreVersion } from "./RestoreVersion";
import { VersionCard, type VersionDeed } from "./VersionCard";
import { VersionDiff } from "./VersionDiff";

interface Props {
  projectId: string;
  opened: boolean;
  onClose: () => void;
  onExport: (version: DatasetVersion) => void;
}

/** The frozen states of a dataset. */
export function VersionsDrawer({ projectId, opened, onClose, onExport }: Props) {
  const [open, setOpen] = useState<{ deed: VersionDeed; version: DatasetVersion } | null>(null);
  const close = () => setOpen(null);
  const versions = useQuery({ ...versionsQuery(projectId), enabled: opened });
  return (
    <Drawer
      opened={opened}
      onClose={onClose}
      position="right"
      size="md"
      title={words.versionsTitle}
      // What lies above it closes first.
      closeOnEscape={open === null}
    >
      <Stack>
        <Text size="sm" c="dimmed">
          {words.versionHint}
        </Text>
        <Guarded projectId={projectId} deed="manage">
          <NewVersion projectId={projectId} />
        </Guarded>
        <Loaded query={versions}>
          {(list) =>
            list.length === 0 ? (
              <Empty icon={IconHistory} title={words.versionsEmpty}>
                {words.versionsEmptyBody}
              </Empty>
            ) : (
              list.map((version) => (
                <VersionCard
                  key={version.id}
                  version={version}
                  onDeed={(deed) => (deed === "export" ? onExport(version) : setOpen({ deed, version }))}
                />
              ))
            )
          }
        </Loaded>
      </Stack>
      {open?.deed === "compare" && <VersionDiff version={open.version} onClose={close} />}
      {open?.deed === "restore" && <RestoreVersion version={open.version} onClose={close} />}
    </Drawer>
  );
}

function NewVersion({ projectId }: { projectId: string }) {
  const client = useQueryClient();
  const [name, setName] = useState("");
  const create = useMutation({
    mutationFn: (wanted: string | null) =>
      call(
        api.POST("/api/v1/projects/{project_id}/versions", {
          params: { path: { project_id: projectId } },
          body: { name: wanted },
        }),
      ),
    onSuccess: (version, wanted) => {
      setName((now) => (now.trim() === (wanted ?? "") ? "" : now));
      notifyDone(words.frozen(version.name));
      void client.invalidateQueries({ queryKey: keys.versions(projectId) });
    },
  });
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        create.mutate(name.trim() === "" ? null : name.trim());
      }}
    >
      <Group align="end" gap="sm" wrap="nowrap">
        <TextInput
          label={words.versionName}
          placeholder={words.versionNamePlaceholder}
          value={name}
          maxLength={200}
          flex={1}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <Button type="submit" loading={create.isPending} leftSection={<IconSnowflake size={16} aria-hidden />}>
          {words.freeze}
        </Button>
      </Group>
    </form>
  );
}
