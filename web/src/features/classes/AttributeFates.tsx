import { NativeSelect, Stack, Text } from "@mantine/core";
import { count, plural } from "../../lib/format";
import { classChanges as words } from "../../strings/classChanges";
import type { Preview, ValueRule } from "./changes";
import css from "./classes.module.css";

type Fate = Preview["attributes"][number];
const RULES = ["add", "keep", "drop"] as const;

interface Props {
  preview: Preview;
  values: ValueRule;
  onValues: (values: ValueRule) => void;
}

/** What becomes of attributes, and the choice about those that the class which takes the objects does not define. */
export function AttributeFates({ preview, values, onValues }: Props) {
  const { attributes } = preview;
  if (attributes.length === 0) return null;
  const open = attributes.some(({ fate }) => fate === "added" || fate === "free" || fate === "dropped");
  return (
    <Stack gap="xs">
      <Text size="sm" fw={600}>
        {words.attributes}
      </Text>
      <ul className={css.remarks}>
        {attributes.map((one) => (
          <Text key={one.name} component="li" size="sm">
            {one.name} ({plural(one.objects, "object")}): {fateOf(one)}
          </Text>
        ))}
      </ul>
      {open && (
        <NativeSelect
          label={words.values.label}
          data={RULES.map((value) => ({ value, label: words.values[value] }))}
          value={values}
          onChange={({ currentTarget: { value } }) => onValues(RULES.find((one) => one === value) ?? "add")}
        />
      )}
    </Stack>
  );
}

function fateOf({ fate, misfits }: Fate): string {
  if (fate !== "differs") return words.fates[fate];
  return misfits > 0 ? words.fates.differs(count(misfits)) : words.fates.differsFit;
}
