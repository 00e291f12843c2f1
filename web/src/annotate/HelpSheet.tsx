/** Every key, searchable. */
import { Group, Kbd, Modal, SimpleGrid, Stack, Text, TextInput } from "@mantine/core";
import { IconSearch } from "@tabler/icons-react";
import { useState } from "react";

import { annotate as text } from "../strings/annotate";
import { assist } from "../strings/assist";
import { shapes } from "../strings/shapes";
import { ACTIONS } from "./actions";
import type { Group as GroupName } from "./actions";

interface Line {
  readonly group: GroupName;
  readonly label: string;
  readonly keys: readonly string[];
}

const { labels } = text;

/** What pointer and wheel do, and keys that are no single action. */
const MORE: readonly Line[] = [
  { group: "tools", label: labels.panHold, keys: ["Space"] },
  { group: "classes", label: labels.classes, keys: ["1", "…", "9"] },
  { group: "tools", label: assist.labels.beside, keys: [`Alt+${text.keys.click}`] },
  { group: "edit", label: labels.add, keys: [`Shift+${text.keys.click}`] },
  { group: "edit", label: labels.below, keys: [`Alt+${text.keys.click}`] },
  { group: "edit", label: labels.ratio, keys: [`Shift+${text.keys.drag}`] },
  { group: "edit", label: shapes.labels.snapTurn, keys: [`Shift+${shapes.keys.turnHandle}`] },
  { group: "tools", label: shapes.labels.wheel, keys: [`Alt+${shapes.keys.wheel}`] },
  { group: "tools", label: shapes.labels.opposite, keys: [`Shift+${shapes.keys.drag}`] },
  { group: "edit", label: labels.addVertex, keys: [text.keys.middle] },
  { group: "edit", label: labels.removeVertex, keys: [`Alt+${text.keys.click}`] },
  { group: "view", label: labels.wheel, keys: [text.keys.wheel] },
];

/** Actions with the same label are one line. */
function lines(): Line[] {
  const byLabel = new Map<string, Line>();
  for (const { group, label, keys } of [...ACTIONS, ...MORE]) {
    byLabel.set(label, { group, label, keys: [...(byLabel.get(label)?.keys ?? []), ...keys] });
  }
  return [...byLabel.values()].map((line) => ({ ...line, keys: gathered(line.keys) }));
}

/** The four arrow keys as one. */
function gathered(keys: readonly string[]): string[] {
  return [...new Set(keys.map((key) => key.replace(/Arrow\w+/, text.keys.arrows)))];
}

const LINES = lines();
const GROUPS = Object.keys(text.groups) as GroupName[];

const SIGNS: Readonly<Record<string, string>> = {
  Escape: "Esc",
  Delete: "Del",
};

export function HelpSheet({ opened, onClose }: { readonly opened: boolean; readonly onClose: () => void }) {
  const [wanted, setWanted] = useState("");
  const word = wanted.trim().toLowerCase();
  const found = LINES.filter(({ label, keys }) => `${label} ${keys.join(" ")}`.toLowerCase().includes(word));
  return (
    <Modal opened={opened} onClose={onClose} title={text.help.title} size="xl">
      <TextInput
        mb="md"
        data-autofocus
        leftSection={<IconSearch size={16} stroke={1.5} />}
        aria-label={text.help.search}
        placeholder={text.help.search}
        value={wanted}
        onChange={(event) => setWanted(event.currentTarget.value)}
      />
      {found.length === 0 && <Text c="dimmed">{text.help.nothing}</Text>}
      <SimpleGrid cols={{ base: 1, sm: 2 }} spacing="lg">
        {GROUPS.map((group) => {
          const own = found.filter((line) => line.group === group);
          return own.length === 0 ? null : (
            <Stack key={group} gap={6}>
              <Text fw={600}>{text.groups[group]}</Text>
              {own.map((line) => (
                <HelpLine key={line.label} {...line} />
              ))}
            </Stack>
          );
        })}
      </SimpleGrid>
    </Modal>
  );
}

function HelpLine({ label, keys }: Line) {
  return (
    <Group justify="space-between" gap="sm" wrap="nowrap" align="start">
      <Text size="sm">{label}</Text>
      <Group gap={4} justify="flex-end" style={{ flex: "none", maxWidth: "60%" }}>
        {keys.map((key) => (
          <Kbd key={key} size="xs">
            {key.replace(/Escape|Delete/, (name) => SIGNS[name] ?? name)}
          </Kbd>
        ))}
      </Group>
    </Group>
  );
}
