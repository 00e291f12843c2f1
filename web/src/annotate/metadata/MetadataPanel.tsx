/** The metadata of the open image: title, author, description and fields of one's own. */
import { ActionIcon, TextInput, Textarea, UnstyledButton } from "@mantine/core";
import { IconChevronRight, IconPlus } from "@tabler/icons-react";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";

import type { Image } from "../../api/types";
import type { Editor } from "../../canvas";
import { metadata as words } from "../../strings/metadata";
import { useEditor } from "../useEditor";
import { useRemembered } from "../useRemembered";
import { focusCanvas } from "../useShortcuts";
import own from "./metadata.module.css";
import { newest, say, useFields } from "./say";

interface Props {
  readonly image: Image;
  readonly editor: Editor;
}

const OPEN = "data-metadata-open";
const FIRST = "data-metadata-field";

/** Opens the panel where it is closed, and goes to its first field. */
export function focusMetadata(): void {
  document.querySelector<HTMLElement>(`[${OPEN}="false"]`)?.click();
  requestAnimationFrame(() => document.querySelector<HTMLElement>(`[${FIRST}]`)?.focus());
}

export function MetadataPanel({ image, editor }: Props) {
  const client = useQueryClient();
  const fields = useFields(image);
  const readOnly = useEditor(editor, (state) => state.readOnly);
  const [opened, setOpened] = useRemembered<boolean>("boxwright.metadata", false);
  const [added, setAdded] = useState<{ id: string; names: readonly string[] }>({ id: image.id, names: [] });
  const mine = added.id === image.id ? added.names : [];
  const extra = Object.keys(fields).filter((name) => !words.usual.some((usual) => usual === name));
  const others = [...new Set([...extra.sort((a, b) => a.localeCompare(b)), ...mine])];
  const names = readOnly ? Object.keys(fields) : [...words.usual, ...others];
  const change = (name: string, value: string): void => {
    const before = newest(client, image)[name] ?? "";
    if (before === value) return;
    editor.note({
      undo: () => say(client, image, { [name]: before }),
      redo: () => say(client, image, { [name]: value }),
    });
    say(client, image, { [name]: value });
  };
  if (readOnly && names.length === 0) return null;
  return (
    <section className={own.panel} aria-label={words.title} title={words.hint}>
      <UnstyledButton
        className={own.head ?? ""}
        aria-expanded={opened}
        {...{ [OPEN]: String(opened) }}
        onClick={() => setOpened(!opened)}
      >
        <IconChevronRight size={14} aria-hidden className={own.arrow} data-opened={opened} />
        <h2>{words.title}</h2>
        <span className={own.told}>{opened ? "" : (fields["title"] ?? words.number(Object.keys(fields).length))}</span>
      </UnstyledButton>
      {opened && (
        <div className={own.fields}>
          {names.map((name, number) => (
            <Field
              key={`${image.id} ${name}`}
              name={name}
              first={number === 0}
              value={fields[name] ?? ""}
              readOnly={readOnly}
              onChange={(value) => change(name, value)}
            />
          ))}
          {!readOnly && <Another taken={names} onAdd={(name) => setAdded({ id: image.id, names: [...mine, name] })} />}
        </div>
      )}
    </section>
  );
}

interface FieldProps {
  readonly name: string;
  readonly value: string;
  readonly first: boolean;
  readonly readOnly: boolean;
  readonly onChange: (value: string) => void;
}

/** Saved when one leaves it, or with Ctrl+Enter; what somebody else writes meanwhile shows where one is not writing. */
function Field({ name, value, first, readOnly, onChange }: FieldProps) {
  const [draft, setDraft] = useState<string | null>(null);
  const done = (): void => {
    if (draft !== null) onChange(draft);
    setDraft(null);
  };
  return (
    <Textarea
      size="xs"
      label={name}
      autosize
      minRows={1}
      maxRows={6}
      maxLength={10_000}
      readOnly={readOnly}
      {...(first ? { [FIRST]: "" } : {})}
      value={draft ?? value}
      onChange={({ currentTarget }) => setDraft(currentTarget.value)}
      onBlur={done}
      onKeyDown={(event) => {
        if (event.key === "Escape" || (event.key === "Enter" && (event.ctrlKey || event.metaKey))) {
          event.preventDefault();
          focusCanvas();
        }
      }}
    />
  );
}

function Another({ taken, onAdd }: { taken: readonly string[]; onAdd: (name: string) => void }) {
  const [name, setName] = useState("");
  const wanted = name.trim();
  const usable = wanted !== "" && !taken.includes(wanted);
  return (
    <form
      className={own.another}
      onSubmit={(event) => {
        event.preventDefault();
        if (!usable) return;
        onAdd(wanted);
        setName("");
      }}
    >
      <TextInput
        size="xs"
        className={own.name ?? ""}
        aria-label={words.addLabel}
        placeholder={words.addLabel}
        maxLength={100}
        value={name}
        onChange={({ currentTarget }) => setName(currentTarget.value)}
      />
      <ActionIcon type="submit" variant="default" aria-label={words.add} title={words.add} disabled={!usable}>
        <IconPlus size={14} aria-hidden />
      </ActionIcon>
    </form>
  );
}
