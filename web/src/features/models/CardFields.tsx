import { Fieldset, NumberInput, Select, SimpleGrid, Text, Textarea, TextInput } from "@mantine/core";
import { count } from "../../lib/format";
import { common } from "../../strings/common";
import { foreign as words } from "../../strings/foreign";
import { namesIn, PRESETS, presetOf, sizeIsFixed, type Draft, type Inspection, type Preset } from "./cardDraft";

interface Props {
  draft: Draft;
  inspection: Inspection;
  onChange: (change: Partial<Draft>) => void;
  onDecoder: (decoder: string) => void;
  /** Nothing was recognised and no decoder is chosen yet. */
  undecided?: boolean;
}

const SHARE = { min: 0, max: 1, step: 0.05, decimalScale: 3 } as const;

/** How a model is read, fed and named: every field of its card that may have to be corrected. */
export function CardFields({ draft, inspection, onChange, onDecoder }: Props) {
  const name = (
    <TextInput
      label={common.name}
      value={draft.name}
      onChange={(event) => onChange({ name: event.currentTarget.value })}
    />
  );
  const licence = (
    <TextInput
      label={words.licence}
      value={draft.licence}
      onChange={(event) => onChange({ licence: event.currentTarget.value })}
    />
  );
  // What outlines by clicks is fed and read in one way.
  if (inspection.card.task === "assist")
    return (
      <>
        {name}
        {licence}
      </>
    );
  return (
    <>
      {name}
      <Reading draft={draft} inspection={inspection} onChange={onChange} onDecoder={onDecoder} />
      <Feeding draft={draft} inspection={inspection} onChange={onChange} />
      <Fieldset legend={words.naming}>
        <Textarea
          label={words.classes}
          description={words.classCount(count(namesIn(draft.classes).length))}
          autosize
          minRows={3}
          maxRows={8}
          value={draft.classes}
          onChange={(event) => onChange({ classes: event.currentTarget.value })}
        />
        <SimpleGrid cols={{ base: 1, sm: 3 }} mt="sm">
          <NumberInput {...SHARE} label={words.score} value={draft.score} onChange={(score) => onChange({ score })} />
          <NumberInput {...SHARE} label={words.iou} value={draft.iou} onChange={(iou) => onChange({ iou })} />
          {licence}
        </SimpleGrid>
      </Fieldset>
    </>
  );
}

/** Which family of detectors it is, and what its decoder has to be told. */
export function Reading({ draft, inspection, onChange, onDecoder, undecided = false }: Props) {
  const decoder = undecided ? null : inspection.card.decoder;
  const family = inspection.families.find((one) => one.name === decoder);
  const fitting = inspection.families.filter((one) => inspection.alternatives.includes(one.name));
  const shown = undecided && fitting.length > 0 ? fitting : inspection.families;
  return (
    <Fieldset legend={words.reading}>
      <Select
        label={words.decoder}
        description={undecided ? words.undecided : family?.outputs}
        placeholder={words.chooseDecoder}
        allowDeselect={false}
        data={shown.map((one) => ({ value: one.name, label: one.title }))}
        value={decoder}
        onChange={(chosen) => chosen !== null && chosen !== decoder && onDecoder(chosen)}
      />
      <SimpleGrid cols={{ base: 1, sm: 2 }} mt="sm">
        {(family?.options ?? []).map((option) => (
          <Select
            key={option.name}
            label={words.option[option.name] ?? option.name.replaceAll("_", " ")}
            description={option.help}
            allowDeselect={false}
            data={option.values.map((value) => ({ value, label: words.optionValue[value] ?? value }))}
            value={draft.options[option.name] ?? option.values[0] ?? null}
            onChange={(value) => value !== null && onChange({ options: { ...draft.options, [option.name]: value } })}
          />
        ))}
      </SimpleGrid>
    </Fieldset>
  );
}

function Feeding({ draft, inspection, onChange }: Omit<Props, "onDecoder">) {
  const fixed = sizeIsFixed(inspection);
  const side = { min: 1, max: 8192, allowDecimal: false, disabled: fixed } as const;
  const preset = presetOf(draft);
  const choose = (name: Preset) => {
    if (name !== "other") onChange({ mean: PRESETS[name].mean.join(", "), std: PRESETS[name].std.join(", ") });
  };
  return (
    <Fieldset legend={words.feeding}>
      {fixed && (
        <Text size="sm" c="dimmed" mb="xs">
          {words.fixedSize}
        </Text>
      )}
      <SimpleGrid cols={{ base: 2, sm: 4 }} style={{ alignItems: "end" }}>
        <NumberInput {...side} label={words.width} value={draft.width} onChange={(width) => onChange({ width })} />
        <NumberInput {...side} label={words.height} value={draft.height} onChange={(height) => onChange({ height })} />
        <Select
          label={words.channels}
          allowDeselect={false}
          data={Object.entries(words.channelNames).map(([value, label]) => ({ value, label }))}
          value={draft.channels}
          onChange={(value) => value !== null && onChange({ channels: value as Draft["channels"] })}
        />
        <NumberInput
          label={words.pad}
          min={0}
          max={255}
          allowDecimal={false}
          value={draft.pad}
          onChange={(pad) => onChange({ pad })}
        />
      </SimpleGrid>
      <SimpleGrid cols={{ base: 1, sm: 2 }} mt="sm">
        <Select
          label={words.placement}
          allowDeselect={false}
          data={Object.entries(words.placements).map(([value, label]) => ({ value, label }))}
          value={draft.placement}
          onChange={(value) => value !== null && onChange({ placement: value as Draft["placement"] })}
        />
        <Select
          label={words.values}
          description={words.threeHint}
          allowDeselect={false}
          data={Object.entries(words.presets).map(([value, label]) => ({ value, label, disabled: value === "other" }))}
          value={preset}
          onChange={(value) => value !== null && choose(value as Preset)}
        />
        <TextInput
          label={words.mean}
          value={draft.mean}
          onChange={(event) => onChange({ mean: event.currentTarget.value })}
        />
        <TextInput
          label={words.std}
          value={draft.std}
          onChange={(event) => onChange({ std: event.currentTarget.value })}
        />
      </SimpleGrid>
    </Fieldset>
  );
}
