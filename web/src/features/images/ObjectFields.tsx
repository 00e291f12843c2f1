import { Autocomplete, Group, MultiSelect, NativeSelect, Stack, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { classesQuery, projectQuery } from "../../api/queries";
import { library } from "../../strings/library";
import { percentOf } from "./chips";
import { classesOf, OBJECTS, SOURCES } from "./filter";
import type { FieldsProps } from "./FilterForm";
import { NumberRange } from "./RangeField";

const words = library.objects;
/** Lists open inside the dialog: a click on one is no click beside it. */
export const INSIDE = { withinPortal: false } as const;

/** What has to hold for one object of the image; with `ofImage` for each object, and classes are those of its image. */
export function ObjectFields({ projectId, draft, onDraft, ofImage = false }: FieldsProps & { ofImage?: boolean }) {
  const classes = useQuery(classesQuery(projectId)).data ?? [];
  const share = (value: number | undefined) => (value === undefined ? undefined : value / 100);
  const percent = (value: number | undefined) => (value === undefined ? undefined : percentOf(value));
  return (
    <Stack gap="xs">
      <MultiSelect
        label={ofImage ? words.classesOfImage : words.classes}
        data={classes.map(({ id, name }) => ({ value: id, label: name }))}
        searchable
        clearable
        hidePickedOptions
        comboboxProps={INSIDE}
        value={classesOf(draft)}
        onChange={(ids) => onDraft({ class: undefined, classes: ids })}
      />
      <NativeSelect
        label={words.source}
        data={[
          { value: "", label: words.anySource },
          ...SOURCES.map((value) => ({ value, label: words.sources[value] })),
        ]}
        value={draft.source ?? ""}
        onChange={({ currentTarget: { value } }) => onDraft({ source: SOURCES.find((one) => one === value) })}
      />
      <NumberRange
        label={words.score}
        max={1}
        step={0.05}
        digits={4}
        low={draft.min_score}
        high={draft.max_score}
        onLow={(min_score) => onDraft({ min_score })}
        onHigh={(max_score) => onDraft({ max_score })}
      />
      <NumberRange
        label={words.area}
        step={100}
        low={draft.min_area}
        high={draft.max_area}
        onLow={(min_area) => onDraft({ min_area })}
        onHigh={(max_area) => onDraft({ max_area })}
      />
      <NumberRange
        label={words.share}
        max={100}
        digits={4}
        low={percent(draft.min_share)}
        high={percent(draft.max_share)}
        onLow={(value) => onDraft({ min_share: share(value) })}
        onHigh={(value) => onDraft({ max_share: share(value) })}
      />
      <NumberRange
        label={words.ratio}
        digits={4}
        low={draft.min_ratio}
        high={draft.max_ratio}
        onLow={(min_ratio) => onDraft({ min_ratio })}
        onHigh={(max_ratio) => onDraft({ max_ratio })}
      />
      <AttributeFields projectId={projectId} draft={draft} onDraft={onDraft} />
      <NativeSelect
        label={words.which}
        data={[
          { value: "", label: ofImage ? words.whiches.both : words.whichDefault },
          ...OBJECTS.filter((value) => !ofImage || value !== "both").map((value) => ({
            value,
            label: words.whiches[value],
          })),
        ]}
        value={draft.objects ?? ""}
        onChange={({ currentTarget: { value } }) => onDraft({ objects: OBJECTS.find((one) => one === value) })}
      />
      {!ofImage && (
        <Text size="xs" c="dimmed">
          {words.hint}
        </Text>
      )}
    </Stack>
  );
}

/** The name of an attribute and its value; those that are defined are offered, others can be typed. */
function AttributeFields({ projectId, draft, onDraft }: FieldsProps) {
  const classes = useQuery(classesQuery(projectId)).data ?? [];
  const shared = useQuery(projectQuery(projectId)).data?.attributes ?? [];
  const defined = [...shared, ...classes.flatMap(({ attributes }) => attributes)];
  const choices = defined
    .filter(({ name }) => name === draft.attribute)
    .flatMap(({ kind, choices: listed }) => (kind === "checkbox" ? ["true", "false"] : listed));
  return (
    <Group grow gap="xs" align="end">
      <Autocomplete
        label={words.attribute}
        data={[...new Set(defined.map(({ name }) => name))]}
        comboboxProps={INSIDE}
        value={draft.attribute ?? ""}
        onChange={(name) => onDraft({ attribute: name === "" ? undefined : name })}
      />
      <Autocomplete
        aria-label={`${words.attribute}: ${words.value}`}
        placeholder={words.anyValue}
        data={[...new Set(choices)]}
        comboboxProps={INSIDE}
        disabled={draft.attribute === undefined}
        value={draft.attribute_value ?? ""}
        onChange={(value) => onDraft({ attribute_value: value === "" ? undefined : value })}
      />
    </Group>
  );
}
