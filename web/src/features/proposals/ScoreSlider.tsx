import { Box, Group, Input, Slider, Text } from "@mantine/core";

interface Props {
  label: string;
  hint?: string;
  value: number;
  onChange: (value: number) => void;
}

/** A score from 0 to 1, with the figure beside its name. */
export function ScoreSlider({ label, hint, value, onChange }: Props) {
  return (
    <Box>
      <Group justify="space-between">
        <Input.Label component="div">{label}</Input.Label>
        <Text size="sm" fw={600} className="number">
          {value.toFixed(2)}
        </Text>
      </Group>
      <Slider min={0} max={1} step={0.01} value={value} label={null} onChange={onChange} thumbLabel={label} my={6} />
      {hint !== undefined && <Input.Description>{hint}</Input.Description>}
    </Box>
  );
}
