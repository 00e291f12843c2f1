/** Every key, searchable. */
import { Button, Group, Kbd, Modal, Stack, Text, TextInput } from "@mantine/core";
import { IconKeyboard, IconSearch } from "@tabler/icons-react";
import { useState } from "react";

import { annotate as text } from "../strings/annotate";
import { assist } from "../strings/assist";
import { shapes } from "../strings/shapes";
import type { Group as GroupName } from "./actions";
import type { Keymap } from "./keymap/keymap";
import { useKeymap } from "./keymap/remembered";
import { shownKey } from "./keys";

interface Line {
  readonly group: GroupName;
  readonly label: string;
  readonly keys: readonly string[];
}

const { labels } = text;

/** What pointer and wheel do, and keys that are no single action. */
const SPACE: Line = { group: "tools", label: labels.panHold, keys: ["Space"] };
const MORE: readonly Line[] = [
  { group: "tools", label: assist.labels.beside, keys: [`Alt+${text.keys.click}`] },
  { group: "edit", label: labels.add, keys: [`Shift+${text.keys.click}`] },
  { group: "edit", label: labels.below, keys: [`Alt+${text.keys.click}`] },
  { group: "edit", label: labels.ratio, keys: [`Shift+${text.keys.drag}`] },
  { group: "edit", label: shapes.labels.snapTurn, keys: [`Shift+${shapes.keys.turnHandle}`] },
  { group: "tools", label: shapes.labels.wheel, keys: [`Alt+${shapes.keys.wheel}`] },
  { group: "tools", label: shapes.labels.opposite, keys: [`Shift+${shapes.keys.drag}`] },
  { group: "tools", label: shapes.labels.wandAdd, keys: [`Shift+${text.keys.click}`] },
  { group: "tools", label: shapes.labels.wandTake, keys: [`Alt+${text.keys.click}`] },
  { group: "edit", label: labels.addVertex, keys: [text.keys.middle] },
  { group: "edit", label: labels.removeVertex, keys: [`Alt+${text.keys.click}`] },
  { group: "view", label: labels.wheel, keys: [text.keys.wheel] },
];

/** Actions with the same label are one line. */
function lines(keymap: Keymap): Line[] {
  const byLabel = new Map<string, Line>();
  const { scope } = keymap;
  const actions = scope.actions.map(({ id, group, label }): Line => ({ group, label, keys: keymap.keysOf(id) }));
  for (const { group, label, keys } of [...actions, ...(scope.spacePans ? [SPACE] : []), ...MORE]) {
    byLabel.set(label, { group, label, keys: [...(byLabel.get(label)?.keys ?? []), ...keys] });
  }
  return [...byLabel.values()].map((line) => ({ ...line, keys: gathered(line.keys) }));
}

/** The four arrow keys as one, and the row of digits as its ends. */
function gathered(keys: readonly string[]): string[] {
  const arrows = [...new Set(keys.map((key) => key.replace(/Arrow\w+/, text.keys.arrows)))];
  const [first, last] = [arrows[0], arrows.at(-1)];
  const isRow = arrows.length === 9 && arrows.every((key, i) => key.endsWith(String(i + 1)));
  return isRow && first !== undefined && last !== undefined ? [first, "…", last] : arrows;
}

const GROUPS = Object.keys(text.groups) as GroupName[];

interface Props {
  readonly opened: boolean;
  readonly onClose: () => void;
  /** Opens the settings of the keys instead. */
  readonly onSettings: () => void;
}

export function HelpSheet({ opened, onClose, onSettings }: Props) {
  return (
    <Modal opened={opened} onClose={onClose} title={text.help.title} size="xl">
      <Sheet onSettings={onSettings} />
    </Modal>
  );
}

function Sheet({ onSettings }: Pick<Props, "onSettings">) {
  const keymap = useKeymap();
  const [wanted, setWanted] = useState("");
  const word = wanted.trim().toLowerCase();
  const found = lines(keymap).filter(({ label, keys }) =>
    `${label} ${keys.map(shownKey).join(" ")} ${keys.join(" ")}`.toLowerCase().includes(word),
  );
  return (
    <>
      <Group mb="md" gap="sm">
        <TextInput
          style={{ flex: 1, minWidth: 180 }}
          data-autofocus
          leftSection={<IconSearch size={16} stroke={1.5} />}
          aria-label={text.help.search}
          placeholder={text.help.search}
          value={wanted}
          onChange={(event) => setWanted(event.currentTarget.value)}
        />
        <Button variant="default" leftSection={<IconKeyboard size={16} stroke={1.5} />} onClick={onSettings}>
          {text.help.change}
        </Button>
      </Group>
      {found.length === 0 && <Text c="dimmed">{text.help.nothing}</Text>}
      {/* Columns, not a grid: groups are of very different length, and a row of a grid is as high as its longest. */}
      <div style={{ columns: "2 260px", columnGap: "var(--mantine-spacing-lg)" }}>
        {GROUPS.map((group) => {
          const own = found.filter((line) => line.group === group);
          return own.length === 0 ? null : (
            <Stack key={group} gap={6} pb="lg" style={{ breakInside: "avoid" }}>
              <Text fw={600}>{text.groups[group]}</Text>
              {own.map((line) => (
                <HelpLine key={line.label} {...line} />
              ))}
            </Stack>
          );
        })}
      </div>
    </>
  );
}

function HelpLine({ label, keys }: Line) {
  return (
    <Group justify="space-between" gap="sm" wrap="nowrap" align="start">
      <Text size="sm">{label}</Text>
      <Group gap={4} justify="flex-end" style={{ flex: "none", maxWidth: "60%" }}>
        {keys.map((key) => (
          <Kbd key={key} size="xs">
            {shownKey(key)}
          </Kbd>
        ))}
      </Group>
    </Group>
  );
}
