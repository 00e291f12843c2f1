import { Group, Input, NumberInput, TextInput } from "@mantine/core";
import { library as words } from "../../strings/library";

interface Props<T> {
  label: string;
  low: T | undefined;
  high: T | undefined;
  onLow: (value: T | undefined) => void;
  onHigh: (value: T | undefined) => void;
}

interface NumberProps extends Props<number> {
  max?: number;
  step?: number;
  /** Digits behind the point. */
  digits?: number;
}

/** A number from, and a number to; either may be missing. */
export function NumberRange({ label, low, high, onLow, onHigh, max, step = 1, digits = 0 }: NumberProps) {
  const field = (name: string, placeholder: string, value: number | undefined, on: Props<number>["onLow"]) => (
    <NumberInput
      aria-label={name}
      placeholder={placeholder}
      min={0}
      {...(max === undefined ? {} : { max })}
      step={step}
      decimalScale={digits}
      hideControls
      value={value ?? ""}
      onChange={(next) => on(typeof next === "number" ? next : undefined)}
    />
  );
  return (
    <Input.Wrapper label={label} labelElement="div">
      <Group grow gap="xs" wrap="nowrap">
        {field(words.from(label), words.least, low, onLow)}
        {field(words.to(label), words.most, high, onHigh)}
      </Group>
    </Input.Wrapper>
  );
}

/** A day from, and a day to. */
export function DayRange({ label, low, high, onLow, onHigh }: Props<string>) {
  const field = (name: string, value: string | undefined, on: Props<string>["onLow"]) => (
    <TextInput
      type="date"
      aria-label={name}
      value={value ?? ""}
      onChange={({ currentTarget }) => on(currentTarget.value === "" ? undefined : currentTarget.value)}
    />
  );
  return (
    <Input.Wrapper label={label} labelElement="div">
      <Group grow gap="xs" wrap="nowrap">
        {field(words.from(label), low, onLow)}
        {field(words.to(label), high, onHigh)}
      </Group>
    </Input.Wrapper>
  );
}
