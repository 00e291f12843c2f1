import { NumberInput, Select } from "@mantine/core";
import type { Parameter } from "../../api/types";
import { training as words } from "../../strings/training";
import { labelOf, type Value } from "./parameters";

interface Props {
  parameter: Parameter;
  value: Value;
  problem: string | undefined;
  onChange: (value: Value) => void;
}

/** One training parameter with its meaning and its limits. */
export function ParameterField({ parameter, value, problem, onChange }: Props) {
  const label = labelOf(parameter.name);
  const help = parameter.help.replace(ZERO, "");
  // What only says the name again helps nobody.
  const shared = { label, ...(help === `${label}.` ? {} : { description: help }) };
  if (parameter.choices !== null) {
    return (
      <Select
        {...shared}
        data={parameter.choices.map((choice) => ({
          value: choice,
          label: words.presets[choice] ?? words.choices[choice] ?? choice,
        }))}
        value={String(value)}
        allowDeselect={false}
        onChange={(choice) => choice !== null && onChange(choice)}
      />
    );
  }
  const whole = parameter.kind === "int";
  const zero = zeroMeaning(parameter);
  const empty = typeof value !== "number" || (value === 0 && zero !== undefined);
  return (
    <NumberInput
      {...shared}
      error={problem}
      value={empty ? "" : value}
      placeholder={zero ?? ""}
      allowDecimal={!whole}
      decimalScale={6}
      step={stepOf(parameter)}
      clampBehavior="none"
      onChange={(next) => onChange(next === "" && zero !== undefined ? 0 : next)}
    />
  );
}

/** Where zero stands for something else ("0: one per core."), the field is empty and says so. */
const ZERO = /\s*\b0: ([^.]+)\.$/;

function zeroMeaning({ help, default: standard }: Parameter): string | undefined {
  return standard === 0 ? ZERO.exec(help)?.[1] : undefined;
}

function stepOf({ name, kind, maximum }: Parameter): number {
  if (name === "image_size") return 32;
  if (kind === "int") return 1;
  return maximum !== null && maximum <= 1 ? 0.05 : 1;
}
