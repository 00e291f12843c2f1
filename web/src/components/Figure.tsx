import { Paper, Text } from "@mantine/core";

interface Props {
  label: string;
  value: string;
  note?: string | undefined;
}

/** One number that matters, with its name. */
export function Figure({ label, value, note }: Props) {
  return (
    <Paper p="sm" component="dl" m={0}>
      <Text component="dt" size="sm" c="dimmed">
        {label}
      </Text>
      <Text component="dd" m={0} fz={22} fw={600} lh={1.3} style={{ fontVariantNumeric: "tabular-nums" }}>
        {value}
        {note !== undefined && (
          <Text span size="sm" c="dimmed" fw={400} ml={8}>
            {note}
          </Text>
        )}
      </Text>
    </Paper>
  );
}
