import { ActionIcon, Button, Group, Modal, Stack, Text, Textarea, TextInput } from "@mantine/core";
import { IconX } from "@tabler/icons-react";
import { useMemo, useState } from "react";
import type { Image } from "../../api/types";
import { plural } from "../../lib/format";
import { metadata as words } from "../../strings/metadata";
import { rowsOf, type Row } from "./fields";
import { useMetadata } from "./useMetadata";

interface Props {
  projectId: string;
  images: readonly Image[];
  opened: boolean;
  onClose: () => void;
  onDone: () => void;
}

/** The metadata fields of the selected images, to be written and taken away. */
export function MetadataDialog({ opened, ...rest }: Props) {
  return (
    <Modal opened={opened} onClose={rest.onClose} title={words.dialog(plural(rest.images.length, "image"))}>
      <Form {...rest} />
    </Modal>
  );
}

function Form({ projectId, images, onClose, onDone }: Omit<Props, "opened">) {
  const saving = useMetadata(projectId, images);
  const [draft, setDraft] = useState<Record<string, string>>({});
  const stored = useMemo(() => rowsOf(images.map(({ metadata }) => metadata ?? {})), [images]);
  const fresh = Object.keys(draft).filter((name) => !stored.some((row) => row.name === name));
  const rows: Row[] = [...stored, ...fresh.map((name) => ({ name, value: "" }))];
  const save = () =>
    saving.mutate(draft, {
      onSuccess: () => {
        onClose();
        onDone();
      },
    });
  return (
    <Stack>
      <Text size="sm" c="dimmed">
        {rows.length === 0 ? words.empty : words.emptyValue}
      </Text>
      {rows.map((row) => (
        <Value
          key={row.name}
          row={row}
          draft={draft[row.name]}
          onDraft={(value) => setDraft((now) => ({ ...now, [row.name]: value }))}
        />
      ))}
      <Another taken={rows.map(({ name }) => name)} onAdd={(name) => setDraft((now) => ({ ...now, [name]: "" }))} />
      <Group justify="end">
        <Button onClick={save} loading={saving.isPending} disabled={Object.keys(draft).length === 0}>
          {words.apply}
        </Button>
      </Group>
    </Stack>
  );
}

function Value({ row, draft, onDraft }: { row: Row; draft: string | undefined; onDraft: (value: string) => void }) {
  return (
    <Group align="end" wrap="nowrap" gap="xs">
      <Textarea
        style={{ flex: 1 }}
        label={row.name}
        placeholder={row.value === null && draft === undefined ? words.mixed : ""}
        autosize
        minRows={1}
        maxRows={6}
        maxLength={10_000}
        value={draft ?? row.value ?? ""}
        onChange={({ currentTarget: { value } }) => onDraft(value)}
      />
      <ActionIcon aria-label={words.remove(row.name)} title={words.remove(row.name)} onClick={() => onDraft("")}>
        <IconX size={16} aria-hidden />
      </ActionIcon>
    </Group>
  );
}

function Another({ taken, onAdd }: { taken: readonly string[]; onAdd: (name: string) => void }) {
  const [name, setName] = useState("");
  const wanted = name.trim();
  const usable = wanted !== "" && !taken.includes(wanted);
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (!usable) return;
        onAdd(wanted);
        setName("");
      }}
    >
      <Group align="end" wrap="nowrap" gap="xs">
        <TextInput
          style={{ flex: 1 }}
          label={words.addLabel}
          placeholder={words.addPlaceholder}
          maxLength={100}
          value={name}
          onChange={({ currentTarget: { value } }) => setName(value)}
          data-autofocus
        />
        <Button type="submit" variant="default" disabled={!usable}>
          {words.add}
        </Button>
      </Group>
    </form>
  );
}
