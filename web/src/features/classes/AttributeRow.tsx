import { Group, NativeSelect, Text, TextInput } from "@mantine/core";
import { IconArrowDown, IconArrowUp, IconTrash } from "@tabler/icons-react";
import { useState } from "react";
import type { AttributeDefinition } from "../../api/types";
import { notifyDone } from "../../components/notify";
import { attributes as words } from "../../strings/attributes";
import { choicesOf, draftOf, readDraft, type Draft, type Kind } from "./attributeDraft";
import { RowAction } from "./RowAction";
import css from "./classes.module.css";

interface Props {
  list: readonly AttributeDefinition[];
  index: number;
  definition: AttributeDefinition;
  save: (made: AttributeDefinition) => Promise<unknown>;
  move: (to: number) => void;
  remove: () => void;
}

/** What is written is saved when the field is left or Enter is pressed, as soon as it makes an attribute. */
function useDraft({ list, index, definition, save }: Props) {
  const [draft, setDraft] = useState<Draft | null>(null);
  const shown = draft ?? draftOf(definition);
  const read = readDraft(shown);
  const twice =
    "definition" in read && list.some((one, at) => at !== index && one.name === read.definition.name)
      ? words.problems.twice(read.definition.name)
      : undefined;
  const problem = "problem" in read ? read.problem : twice;
  const finish = (now: Draft | null = draft) => {
    const made = readDraft(now ?? shown);
    if (now === null || twice !== undefined || "problem" in made) return;
    const renamed = made.definition.name !== definition.name;
    save(made.definition).then(
      () => {
        setDraft((latest) => (latest === now ? null : latest));
        if (renamed) notifyDone(words.renamed(definition.name, made.definition.name));
      },
      () => undefined,
    );
  };
  const set = (patch: Partial<Draft>) => setDraft({ ...shown, ...patch });
  /** For fields that are done with one choice. */
  const choose = (patch: Partial<Draft>) => {
    const next = { ...shown, ...patch };
    setDraft(next);
    finish(next);
  };
  return { shown, problem, set, choose, finish: () => finish(), reset: () => setDraft(null) };
}

type Drafted = ReturnType<typeof useDraft>;

/** One attribute: its name, what it may be, and what new objects begin with. */
export function AttributeRow(props: Props) {
  const { list, index, definition, move, remove } = props;
  const drafted = useDraft(props);
  const { name } = definition;
  return (
    <div className={css.attribute}>
      <Group gap={4}>
        <Field drafted={drafted} part="name" label={words.name(name)} grow />
        <NativeSelect
          size="xs"
          w={110}
          style={{ flex: "none" }}
          aria-label={words.kind(name)}
          value={drafted.shown.kind}
          data={Object.entries(words.kinds).map(([value, label]) => ({ value, label }))}
          onChange={(event) => drafted.choose({ kind: event.currentTarget.value as Kind, default: "" })}
        />
        <Group gap={0} wrap="nowrap" ml="auto">
          <RowAction label={words.up(name)} disabled={index === 0} onClick={() => move(index - 1)}>
            <IconArrowUp size={16} stroke={1.5} />
          </RowAction>
          <RowAction label={words.down(name)} disabled={index === list.length - 1} onClick={() => move(index + 1)}>
            <IconArrowDown size={16} stroke={1.5} />
          </RowAction>
          <RowAction label={words.remove(name)} onClick={remove}>
            <IconTrash size={16} stroke={1.5} />
          </RowAction>
        </Group>
      </Group>
      <Group gap={4}>
        {drafted.shown.kind === "select" && (
          <Field drafted={drafted} part="choices" label={words.choices(name)} hint={words.choicesHint} grow />
        )}
        {drafted.shown.kind === "number" && (
          <>
            <Field drafted={drafted} part="minimum" label={words.minimum(name)} hint={words.minimumShort} />
            <Field drafted={drafted} part="maximum" label={words.maximum(name)} hint={words.maximumShort} />
            <Field drafted={drafted} part="step" label={words.step(name)} hint={words.stepShort} />
          </>
        )}
        <Default drafted={drafted} name={name} />
      </Group>
      {drafted.problem !== undefined && (
        <Text size="xs" c="red" role="alert">
          {drafted.problem}
        </Text>
      )}
    </div>
  );
}

function Default({ drafted, name }: { drafted: Drafted; name: string }) {
  const { shown, choose } = drafted;
  const label = words.default(name);
  if (shown.kind === "text" || shown.kind === "number")
    return <Field drafted={drafted} part="default" label={label} hint={`${words.defaultShort}${words.noDefault}`} />;
  const choices = shown.kind === "select" ? choicesOf(shown.choices) : ["yes", "no"];
  const shownAs = (value: string) => (shown.kind === "checkbox" ? (value === "yes" ? words.yes : words.no) : value);
  return (
    <NativeSelect
      size="xs"
      maw={220}
      aria-label={label}
      value={shown.default}
      data={["", ...choices].map((value) => ({
        value,
        label: words.defaultShort + (value === "" ? words.noDefault : shownAs(value)),
      }))}
      onChange={(event) => choose({ default: event.currentTarget.value })}
    />
  );
}

interface FieldProps {
  drafted: Drafted;
  part: Exclude<keyof Draft, "kind">;
  label: string;
  hint?: string;
  grow?: boolean;
}

function Field({ drafted, part, label, hint = "", grow = false }: FieldProps) {
  const { shown, set, finish, reset } = drafted;
  return (
    <TextInput
      size="xs"
      {...(grow ? { style: { flex: "1 1 120px" } } : { w: part === "default" ? 170 : 64 })}
      aria-label={label}
      placeholder={hint}
      maxLength={part === "choices" ? undefined : 200}
      value={shown[part]}
      onChange={(event) => set({ [part]: event.currentTarget.value })}
      onBlur={finish}
      onKeyDown={(event) => {
        if (event.key === "Enter") finish();
        if (event.key === "Escape") {
          reset();
          event.stopPropagation();
        }
      }}
    />
  );
}
