/** Changes the keys: a preset of another tool, and any key of any action. */
import { Button, Group, Modal, SegmentedControl, Stack, Text, TextInput } from "@mantine/core";
import { IconSearch } from "@tabler/icons-react";
import { useState } from "react";

import { annotate } from "../../strings/annotate";
import { keys as text } from "../../strings/keys";
import { nameOfAction } from "../actions";
import type { Action, ActionId, Group as GroupName } from "../actions";
import { shownKey } from "../keys";
import type { Classes } from "../useClasses";
import { KeyRow } from "./KeyRow";
import { PRESETS } from "./presets";
import type { PresetName } from "./presets";
import { remember, useKeymap } from "./remembered";

interface Props {
  readonly opened: boolean;
  readonly classes: Classes;
  readonly onClose: () => void;
}

const GROUPS = Object.keys(annotate.groups) as GroupName[];

export function KeySettings({ opened, classes, onClose }: Props) {
  return (
    <Modal opened={opened} onClose={onClose} title={text.title} size="lg">
      <Settings classes={classes} />
    </Modal>
  );
}

function Settings({ classes }: Pick<Props, "classes">) {
  const keymap = useKeymap();
  const [wanted, setWanted] = useState("");
  const [recording, setRecording] = useState<ActionId | null>(null);
  const word = wanted.trim().toLowerCase();
  const matches = (action: Action): boolean =>
    `${nameOfAction(action)} ${keymap.keysOf(action.id).map(shownKey).join(" ")}`.toLowerCase().includes(word);
  const found = keymap.scope.actions.filter(matches);
  return (
    <Stack gap="md">
      <Preset preset={keymap.preset} />
      <Group gap="sm">
        <TextInput
          style={{ flex: 1, minWidth: 180 }}
          data-autofocus
          leftSection={<IconSearch size={16} stroke={1.5} />}
          aria-label={text.search}
          placeholder={text.search}
          value={wanted}
          onChange={(event) => setWanted(event.currentTarget.value)}
        />
        <Button
          variant="default"
          title={text.resetAllHint}
          disabled={!keymap.isChanged}
          onClick={() => remember(keymap.resetAll())}
        >
          {text.resetAll}
        </Button>
      </Group>
      {found.length === 0 && <Text c="dimmed">{text.nothing}</Text>}
      {GROUPS.map((group) => {
        const own = found.filter((action) => action.group === group);
        return own.length === 0 ? null : (
          <Stack key={group} gap={2} role="group" aria-label={annotate.groups[group]}>
            <Text fw={600}>{annotate.groups[group]}</Text>
            {own.map((action) => (
              <KeyRow
                key={action.id}
                action={action}
                keymap={keymap}
                classes={classes}
                recording={recording === action.id}
                onRecord={(on) => setRecording(on ? action.id : null)}
              />
            ))}
          </Stack>
        );
      })}
    </Stack>
  );
}

function Preset({ preset }: { readonly preset: PresetName }) {
  const keymap = useKeymap();
  return (
    <Stack gap={6}>
      <Text size="sm" fw={500} id="keys-preset">
        {text.preset}
      </Text>
      <SegmentedControl
        aria-labelledby="keys-preset"
        data={PRESETS.map((value) => ({ value, label: text.presets[value] }))}
        value={preset}
        onChange={(value) => remember(keymap.withPreset(value))}
      />
      <Text size="sm" c="dimmed">
        {text.presetHint[preset]} {text.remembered}
      </Text>
    </Stack>
  );
}
