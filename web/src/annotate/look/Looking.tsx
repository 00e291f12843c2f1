/** Sliders and choices of the view; each goes back to its start, and all together. */
import { ActionIcon, Button, Group, SegmentedControl, Slider, Switch, Text } from "@mantine/core";
import { IconRestore } from "@tabler/icons-react";
import { useId } from "react";
import type { ComponentProps } from "react";

import { CROSSHAIRS, isPlain, LABELS, PLAIN, RANGES } from "../../canvas";
import type { Editor, Level, Looks } from "../../canvas";
import { look as text } from "../../strings/look";
import { useEditor } from "../useEditor";
import css from "./look.module.css";

const PICTURE = ["brightness", "contrast", "saturation", "gamma"] as const;
/** Where the keyboard begins. */
const AUTOFOCUS = { "data-autofocus": true } as ComponentProps<"div">;
const SHAPES = ["fill", "mask", "line"] as const;

const shown = (level: Level, value: number): string =>
  level === "gamma" ? value.toFixed(2) : level === "line" ? text.pixels(value) : text.percent(value);

/** Looks and is said to be disabled, and keeps the focus that it has: Escape goes on closing the settings. */
const idle = (is: boolean) => (is ? { "data-disabled": true, "aria-disabled": true } : {});

export function Looking({ editor }: { readonly editor: Editor }) {
  const looks = useEditor(editor, (state) => state.looks);
  const set = (patch: Partial<Looks>) => editor.setLooks(patch);
  return (
    <div className={css.looking}>
      <Group justify="space-between" wrap="nowrap">
        <Text fw={600}>{text.title}</Text>
        <Button
          size="compact-xs"
          variant="default"
          title={text.labels.reset}
          {...idle(isPlain(looks))}
          onClick={() => editor.resetLooks()}
        >
          {text.resetAll}
        </Button>
      </Group>
      <Text size="xs" c="dimmed">
        {text.intro}
      </Text>
      {PICTURE.map((level) => (
        <LevelRow key={level} level={level} value={looks[level]} onChange={(value) => set({ [level]: value })} />
      ))}
      <Switch
        size="xs"
        label={text.grid}
        description={text.gridHint}
        checked={looks.grid}
        onChange={(event) => set({ grid: event.currentTarget.checked })}
      />
      <Switch
        size="xs"
        label={text.navigator}
        checked={looks.navigator}
        onChange={(event) => set({ navigator: event.currentTarget.checked })}
      />
      <Choice
        label={text.crosshair}
        names={text.crosshairs}
        choices={CROSSHAIRS}
        value={looks.crosshair}
        onChange={(crosshair) => set({ crosshair })}
      />
      <Text size="sm" fw={600} mt={4}>
        {text.shapes}
      </Text>
      <Choice
        label={text.names}
        names={text.namesOf}
        choices={LABELS}
        value={looks.labels}
        onChange={(labels) => set({ labels })}
      />
      {SHAPES.map((level) => (
        <LevelRow key={level} level={level} value={looks[level]} onChange={(value) => set({ [level]: value })} />
      ))}
    </div>
  );
}

interface LevelProps {
  readonly level: Level;
  readonly value: number;
  readonly onChange: (value: number) => void;
}

function LevelRow({ level, value, onChange }: LevelProps) {
  const name = text.levels[level];
  return (
    <div className={css.level}>
      <span className={css.name}>{name}</span>
      <span className={css.value}>{shown(level, value)}</span>
      <Slider
        className={css.slider ?? ""}
        size="sm"
        {...RANGES[level]}
        label={null}
        thumbLabel={name}
        thumbProps={level === PICTURE[0] ? AUTOFOCUS : {}}
        value={value}
        onChange={onChange}
      />
      <ActionIcon
        size="sm"
        aria-label={text.back(name)}
        title={text.back(name)}
        {...idle(value === PLAIN[level])}
        onClick={() => onChange(PLAIN[level])}
      >
        <IconRestore size={14} stroke={1.5} />
      </ActionIcon>
    </div>
  );
}

interface ChoiceProps<T extends string> {
  readonly label: string;
  readonly names: Readonly<Record<T, string>>;
  readonly choices: readonly T[];
  readonly value: T;
  readonly onChange: (value: T) => void;
}

function Choice<T extends string>({ label, names, choices, value, onChange }: ChoiceProps<T>) {
  const id = useId();
  return (
    <div>
      <Text size="sm" id={id}>
        {label}
      </Text>
      <SegmentedControl
        fullWidth
        size="xs"
        aria-labelledby={id}
        data={choices.map((choice) => ({ value: choice, label: names[choice] }))}
        value={value}
        onChange={(chosen) => onChange(chosen)}
      />
    </div>
  );
}
