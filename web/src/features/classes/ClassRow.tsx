import { ColorInput, Group, Text, TextInput, Tooltip } from "@mantine/core";
import { IconArrowDown, IconArrowUp, IconEye, IconEyeOff, IconTrash } from "@tabler/icons-react";
import { useState } from "react";
import type { AttributeDefinition, LabelClass } from "../../api/types";
import { notifyError } from "../../components/notify";
import { plural } from "../../lib/format";
import { attributes } from "../../strings/attributes";
import { classes as words } from "../../strings/classes";
import { AttributesEditor } from "./AttributesEditor";
import { AttributesKey } from "./AttributesKey";
import { RowAction } from "./RowAction";
import type { useClassChanges } from "./useClasses";
import css from "./classes.module.css";

/** The same cycle as the server's: safe for colour-blind eyes (Okabe and Ito), then paler partners. */
const SWATCHES = [
  "#E69F00",
  "#56B4E9",
  "#009E73",
  "#F0E442",
  "#0072B2",
  "#D55E00",
  "#CC79A7",
  "#FFC75F",
  "#9AD7F5",
  "#5FD3B0",
  "#4D9FD6",
  "#FF8A4C",
  "#E8ADCB",
  "#B8A100",
];

interface Props {
  list: readonly LabelClass[];
  index: number;
  changes: ReturnType<typeof useClassChanges>;
  /** Whether its attributes are on show. */
  opened: boolean;
  onOpen: (opened: boolean) => void;
}

/** One class, everything about it editable in its place. */
export function ClassRow({ list, index, changes, opened, onOpen }: Props) {
  const found = list[index];
  if (found === undefined) return null;
  const save = (definitions: AttributeDefinition[]) =>
    changes.update.mutateAsync({ id: found.id, attributes: definitions });
  return (
    <li className={css.row} data-hidden={found.hidden}>
      <Color found={found} changes={changes} />
      <Name found={found} changes={changes} />
      <Hotkey found={found} list={list} changes={changes} />
      <Text size="sm" c="dimmed" className="number">
        {plural(found.annotations, "annotation")}
      </Text>
      <RowActions list={list} index={index} found={found} changes={changes} opened={opened} onOpen={onOpen} />
      {opened && <AttributesEditor title={attributes.of(found.name)} definitions={found.attributes} save={save} />}
    </li>
  );
}

interface PartProps {
  found: LabelClass;
  changes: Props["changes"];
}

function Color({ found, changes }: PartProps) {
  const [color, setColor] = useState(found.color);
  return (
    <ColorInput
      aria-label={words.color(found.name)}
      value={color}
      onChange={setColor}
      onChangeEnd={(next) => {
        if (/^#[0-9a-f]{6}$/i.test(next) && next !== found.color) changes.update.mutate({ id: found.id, color: next });
      }}
      swatches={SWATCHES}
      swatchesPerRow={7}
      format="hex"
      withEyeDropper={false}
      styles={{ input: { width: 36, paddingInline: 0, color: "transparent", caretColor: "transparent" } }}
      popoverProps={{ shadow: "md", width: 220 }}
      size="xs"
    />
  );
}

function Name({ found, changes }: PartProps) {
  const [draft, setDraft] = useState<string | null>(null);
  const { isPending, variables } = changes.update;
  const coming = isPending && variables.id === found.id ? variables.name : undefined;
  const finish = () => {
    const name = draft?.trim() ?? "";
    if (name !== "" && name !== found.name) changes.update.mutate({ id: found.id, name });
    setDraft(null);
  };
  return (
    <TextInput
      className={css.name}
      variant="unstyled"
      aria-label={words.name(found.name)}
      value={draft ?? coming ?? found.name}
      maxLength={200}
      onChange={(event) => setDraft(event.currentTarget.value)}
      onBlur={finish}
      onKeyDown={(event) => {
        if (event.key === "Enter") event.currentTarget.blur();
        if (event.key === "Escape") setDraft(null);
      }}
    />
  );
}

function Hotkey({ found, list, changes }: PartProps & { list: readonly LabelClass[] }) {
  const assign = (key: string) => {
    const owner = list.find((other) => other.hotkey === key && other.id !== found.id);
    if (owner !== undefined) notifyError(words.hotkeyTaken(key, owner.name));
    else if (key !== (found.hotkey ?? "")) changes.update.mutate({ id: found.id, hotkey: key });
  };
  return (
    <Tooltip label={words.hotkeyHint}>
      <TextInput
        aria-label={words.hotkey(found.name)}
        placeholder="–"
        size="xs"
        w={36}
        value={found.hotkey ?? ""}
        readOnly
        styles={{ input: { textAlign: "center", paddingInline: 0 } }}
        onKeyDown={(event) => {
          if (event.key === "Backspace" || event.key === "Delete") assign("");
          else if (/^[a-z0-9]$/i.test(event.key) && !event.ctrlKey && !event.metaKey) assign(event.key.toLowerCase());
          else return;
          event.preventDefault();
        }}
      />
    </Tooltip>
  );
}

function RowActions({ list, index, found, changes, opened, onOpen }: Props & PartProps) {
  const { name } = found;
  const Eye = found.hidden ? IconEyeOff : IconEye;
  const used = found.annotations > 0;
  const move = (to: number) => changes.move.mutate({ list, from: index, to });
  return (
    <Group gap={0} wrap="nowrap" justify="end" className={css.actions}>
      <AttributesKey label={attributes.of(name)} count={found.attributes.length} opened={opened} onOpen={onOpen} />
      <RowAction label={words.up(name)} disabled={index === 0} onClick={() => move(index - 1)}>
        <IconArrowUp size={16} stroke={1.5} />
      </RowAction>
      <RowAction label={words.down(name)} disabled={index === list.length - 1} onClick={() => move(index + 1)}>
        <IconArrowDown size={16} stroke={1.5} />
      </RowAction>
      <RowAction
        label={found.hidden ? words.show(name) : words.hide(name)}
        onClick={() => changes.update.mutate({ id: found.id, hidden: !found.hidden })}
      >
        <Eye size={16} stroke={1.5} />
      </RowAction>
      <RowAction
        label={words.remove(name)}
        hint={used ? words.inUse : undefined}
        disabled={used}
        onClick={() => changes.remove.mutate(found)}
      >
        <IconTrash size={16} stroke={1.5} />
      </RowAction>
    </Group>
  );
}
