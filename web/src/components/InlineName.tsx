import { ActionIcon, Group, TextInput, Title, Tooltip } from "@mantine/core";
import { IconPencil } from "@tabler/icons-react";
import { useState } from "react";
import { common } from "../strings/common";

interface Props {
  name: string;
  label: string;
  onSave: (name: string) => void;
}

/** A heading that becomes a field when its pencil is pressed: Enter saves, Escape gives up. */
export function InlineName({ name, label, onSave }: Props) {
  const [draft, setDraft] = useState<string | null>(null);
  if (draft === null) {
    return (
      <Group gap="xs" wrap="nowrap">
        <Title order={1} style={{ overflowWrap: "anywhere" }}>
          {name}
        </Title>
        <Tooltip label={label}>
          <ActionIcon aria-label={label} onClick={() => setDraft(name)}>
            <IconPencil size={18} stroke={1.5} />
          </ActionIcon>
        </Tooltip>
      </Group>
    );
  }
  const finish = () => {
    const wanted = draft.trim();
    if (wanted !== "" && wanted !== name) onSave(wanted);
    setDraft(null);
  };
  return (
    <TextInput
      aria-label={label}
      value={draft}
      autoFocus
      maxLength={200}
      size="md"
      w={{ base: "100%", sm: 360 }}
      onChange={(event) => setDraft(event.currentTarget.value)}
      onBlur={finish}
      onKeyDown={(event) => {
        if (event.key === "Enter") finish();
        if (event.key === "Escape") setDraft(null);
      }}
      placeholder={common.name}
    />
  );
}
