import { Button, Group, Modal, Stack, Text, TextInput } from "@mantine/core";
import { useState, type SyntheticEvent } from "react";
import { Loaded } from "../../components/Loaded";
import { common } from "../../strings/common";
import { views as words } from "../../strings/views";
import { viewFilter, type ImageFilter } from "./filter";
import { useViewChanges, useViews } from "./useViews";
import { ViewRow } from "./ViewRow";

interface Props {
  projectId: string;
  filter: ImageFilter;
  opened: boolean;
  onClose: () => void;
  onOpen: (filter: ImageFilter) => void;
}

/** Save what is shown under a name; rename, replace and delete what was saved. */
export function ViewsDialog({ projectId, filter, opened, onClose, onOpen }: Props) {
  const { query, active } = useViews(projectId, filter);
  return (
    <Modal opened={opened} onClose={onClose} title={words.title} closeButtonProps={{ "aria-label": common.close }}>
      <Stack>
        <Text size="sm" c="dimmed">
          {words.intro}
        </Text>
        <NewView projectId={projectId} filter={filter} />
        <Loaded query={query}>
          {(found) =>
            found.length === 0 ? (
              <Text c="dimmed">{words.none}</Text>
            ) : (
              <Stack gap={4} component="ul" aria-label={words.list} m={0} p={0}>
                {found.map((view) => (
                  <ViewRow
                    key={view.id}
                    projectId={projectId}
                    view={view}
                    filter={filter}
                    active={view === active}
                    onOpen={() => {
                      onClose();
                      onOpen(viewFilter(view));
                    }}
                  />
                ))}
              </Stack>
            )
          }
        </Loaded>
      </Stack>
    </Modal>
  );
}

function NewView({ projectId, filter }: { projectId: string; filter: ImageFilter }) {
  const [name, setName] = useState("");
  const { save } = useViewChanges(projectId);
  const wanted = name.trim();
  const send = (event: SyntheticEvent) => {
    event.preventDefault();
    if (wanted !== "") save.mutate({ name: wanted, filter }, { onSuccess: () => setName("") });
  };
  return (
    <form onSubmit={send}>
      <Group align="end" gap="sm" wrap="nowrap">
        <TextInput
          label={words.name}
          placeholder={words.placeholder}
          value={name}
          maxLength={200}
          flex={1}
          autoComplete="off"
          data-autofocus
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <Button type="submit" loading={save.isPending} disabled={wanted === ""}>
          {words.save}
        </Button>
      </Group>
    </form>
  );
}
