import { Button, Group, Stack, Text, Textarea } from "@mantine/core";
import { useRef, useState } from "react";
import type { AttributeDefinition } from "../../api/types";
import { notifyUndo } from "../../components/notify";
import { linesOf } from "../../lib/lines";
import { attributes as words } from "../../strings/attributes";
import { withLines } from "./attributeDraft";
import { AttributeRow } from "./AttributeRow";
import css from "./classes.module.css";

type Definitions = readonly AttributeDefinition[];

interface Props {
  /** Whose they are, in words. */
  title: string;
  definitions: Definitions;
  save: (definitions: AttributeDefinition[]) => Promise<unknown>;
}

/** Saves one after the other; what is on its way is shown already, and the next change builds on it. */
function useSaving(definitions: Definitions, save: Props["save"]) {
  const [sent, setSent] = useState<Definitions | null>(null);
  const queue = useRef<Promise<unknown>>(Promise.resolve());
  const put = (next: Definitions): Promise<unknown> => {
    setSent(next);
    const saved = queue.current.then(() => save([...next]));
    queue.current = saved.catch(() => undefined);
    return saved.finally(() => setSent((now) => (now === next ? null : now)));
  };
  return { list: sent ?? definitions, put };
}

/** The mutation has told it already. */
const told = () => undefined;

/** The attributes of one class, or of all, each editable in its place. */
export function AttributesEditor({ title, definitions: stored, save }: Props) {
  const { list: definitions, put } = useSaving(stored, save);
  const replaceAt = (index: number, made: AttributeDefinition) => put(definitions.with(index, made));
  const move = (from: number, to: number) => {
    const [taken] = definitions.slice(from, from + 1);
    if (taken) put(definitions.toSpliced(from, 1).toSpliced(to, 0, taken)).catch(told);
  };
  const remove = (index: number) => {
    const name = definitions[index]?.name ?? "";
    put(definitions.toSpliced(index, 1)).then(() => notifyUndo(words.removed(name), () => put(definitions)), told);
  };
  return (
    <Stack gap="xs" className={css.attributes} role="group" aria-label={title}>
      {definitions.length === 0 && (
        <Text size="sm" c="dimmed">
          {words.none}
        </Text>
      )}
      {definitions.map((one, index) => (
        <AttributeRow
          key={index}
          list={definitions}
          index={index}
          definition={one}
          save={(made) => replaceAt(index, made)}
          move={(to) => move(index, to)}
          remove={() => remove(index)}
        />
      ))}
      <AddAttributes definitions={definitions} put={put} />
    </Stack>
  );
}

interface AddProps {
  definitions: Definitions;
  put: (definitions: Definitions) => Promise<unknown>;
}

/** New attributes, typed or pasted one per line; Ctrl+Enter adds them. */
function AddAttributes({ definitions, put }: AddProps) {
  const [text, setText] = useState("");
  const lines = linesOf(text);
  const made = withLines(definitions, lines);
  const submit = () => {
    if (lines.length > 0 && "definitions" in made)
      put(made.definitions).then(() => setText((now) => (now === text ? "" : now)), told);
  };
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
    >
      <Textarea
        size="xs"
        label={words.addLabel}
        description={words.addHint}
        placeholder={words.addPlaceholder}
        autosize
        minRows={2}
        maxRows={10}
        value={text}
        error={"problem" in made ? made.problem : undefined}
        onChange={(event) => setText(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) submit();
        }}
      />
      <Group justify="end" mt={8}>
        <Button size="xs" variant="light" type="submit" disabled={lines.length === 0 || "problem" in made}>
          {words.addAction(lines.length)}
        </Button>
      </Group>
    </form>
  );
}
