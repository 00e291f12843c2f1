import { Button, Group, Stack, Textarea, TextInput } from "@mantine/core";
import { useState } from "react";
import { messageOf } from "../../api/client";
import { common } from "../../strings/common";
import { projects as words } from "../../strings/projects";
import type { ProjectText } from "./mutations";

interface Props {
  initial?: ProjectText;
  /** Whether it only shows what there is. */
  fixed?: boolean;
  action: string;
  busy: boolean;
  error: unknown;
  onSubmit: (text: ProjectText) => void;
  onCancel?: () => void;
}

/** What is typed, until what it was begun from has changed: by being saved, or by somebody else. */
function useDraft(stored: string) {
  const [draft, setDraft] = useState({ from: stored, text: stored });
  return [draft.from === stored ? draft.text : stored, (text: string) => setDraft({ from: stored, text })] as const;
}

/** Name and description of a project; the server's objection (a name that is taken) appears at the name. */
export function ProjectForm({ initial, fixed = false, action, busy, error, onSubmit, onCancel }: Props) {
  const [name, setName] = useDraft(initial?.name ?? "");
  const [description, setDescription] = useDraft(initial?.description ?? "");
  const [missing, setMissing] = useState(false);
  const problem = missing ? words.nameMissing : error === null ? null : messageOf(error);
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        const empty = name.trim() === "";
        setMissing(empty);
        if (!empty) onSubmit({ name: name.trim(), description: description.trim() });
      }}
    >
      <Stack gap="sm">
        <TextInput
          label={words.nameLabel}
          placeholder={words.namePlaceholder}
          value={name}
          readOnly={fixed}
          maxLength={200}
          error={problem}
          data-autofocus
          autoFocus={initial === undefined}
          onChange={(event) => {
            setName(event.currentTarget.value);
            setMissing(false);
          }}
        />
        <Textarea
          label={words.descriptionLabel}
          description={words.descriptionHint}
          value={description}
          readOnly={fixed}
          maxLength={10_000}
          autosize
          minRows={2}
          maxRows={6}
          onChange={(event) => setDescription(event.currentTarget.value)}
        />
        <Group justify="end" gap="sm">
          {onCancel !== undefined && (
            <Button variant="default" onClick={onCancel}>
              {common.cancel}
            </Button>
          )}
          {!fixed && (
            <Button type="submit" loading={busy}>
              {action}
            </Button>
          )}
        </Group>
      </Stack>
    </form>
  );
}
