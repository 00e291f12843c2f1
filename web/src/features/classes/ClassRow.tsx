import { ActionIcon, Checkbox, ColorInput, Group, Menu, Text, TextInput, Tooltip } from "@mantine/core";
import {
  IconArrowDown,
  IconArrowMerge,
  IconArrowsSplit2,
  IconArrowUp,
  IconDots,
  IconEye,
  IconEyeOff,
  IconTrash,
} from "@tabler/icons-react";
import { useState } from "react";
import type { AttributeDefinition, LabelClass } from "../../api/types";
import { notifyError } from "../../components/notify";
import { plural } from "../../lib/format";
import { attributes } from "../../strings/attributes";
import { classChanges } from "../../strings/classChanges";
import { classes as words } from "../../strings/classes";
import { AttributesEditor } from "./AttributesEditor";
import { AttributesKey } from "./AttributesKey";
import type { Asked } from "./useAsking";
import { ClassNameField } from "./ClassNameField";
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
  projectId: string;
  list: readonly LabelClass[];
  index: number;
  changes: ReturnType<typeof useClassChanges>;
  /** Whether its attributes are on show. */
  opened: boolean;
  onOpen: (opened: boolean) => void;
  marked: boolean;
  onMark: (marked: boolean) => void;
  onAsk: (asked: Asked) => void;
}

/** One class, everything about it editable in its place. */
export function ClassRow(props: Props) {
  const { projectId, list, index, changes, opened, marked, onMark, onAsk } = props;
  const found = list[index];
  if (found === undefined) return null;
  const save = (definitions: AttributeDefinition[]) =>
    changes.update.mutateAsync({ id: found.id, attributes: definitions });
  return (
    <li className={css.row} data-hidden={found.hidden}>
      <Checkbox
        size="sm"
        aria-label={classChanges.select(found.name)}
        checked={marked}
        onChange={(event) => onMark(event.currentTarget.checked)}
      />
      <Color found={found} changes={changes} />
      <ClassNameField projectId={projectId} found={found} list={list} changes={changes} onAsk={onAsk} />
      <Hotkey found={found} list={list} changes={changes} />
      <Text size="sm" c="dimmed" className="number">
        {plural(found.annotations, "annotation")}
      </Text>
      <RowActions {...props} found={found} />
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

function RowActions({ list, index, found, changes, opened, onOpen, onAsk }: Props & PartProps) {
  const { name } = found;
  const Eye = found.hidden ? IconEyeOff : IconEye;
  const move = (position: number) => changes.update.mutate({ id: found.id, position });
  const ids = [found.id];
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
      <Menu>
        <Menu.Target>
          <ActionIcon size="md" aria-label={classChanges.more(name)}>
            <IconDots size={16} stroke={1.5} />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item leftSection={<IconArrowMerge size={16} />} onClick={() => onAsk({ kind: "merge", ids })}>
            {classChanges.mergeInto}
          </Menu.Item>
          <Menu.Item leftSection={<IconArrowsSplit2 size={16} />} onClick={() => onAsk({ kind: "split", ids })}>
            {classChanges.split}
          </Menu.Item>
          <Menu.Item color="red" leftSection={<IconTrash size={16} />} onClick={() => onAsk({ kind: "delete", ids })}>
            {classChanges.delete}
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
    </Group>
  );
}
