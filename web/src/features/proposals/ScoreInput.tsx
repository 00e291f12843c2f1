import { NumberInput } from "@mantine/core";
import { useState } from "react";

interface Props {
  label: string;
  value: number;
  disabled: boolean;
  onChange: (value: number) => void;
}

/** A score from 0 to 1 in a table. */
export function ScoreInput({ label, value, disabled, onChange }: Props) {
  // What is being typed ("0.") stays as it is, as long as it means the value, or nothing yet.
  const [typed, setTyped] = useState<number | string | null>(null);
  const isTyping = typed !== null && (typed === "" || Number(typed) === value);
  return (
    <NumberInput
      size="xs"
      aria-label={label}
      min={0}
      max={1}
      step={0.05}
      decimalScale={2}
      clampBehavior="strict"
      disabled={disabled}
      value={isTyping ? typed : Math.round(value * 100) / 100}
      onBlur={() => setTyped(null)}
      onChange={(next) => {
        setTyped(next);
        if (next !== "" && Number.isFinite(Number(next))) onChange(Number(next));
      }}
    />
  );
}
