import { Group, Text } from "@mantine/core";

/** A class as it is always shown: its colour beside its name. */
export function ClassName({ name, color, size = "md" }: { name: string; color: string; size?: "sm" | "md" }) {
  return (
    <Group gap={6} wrap="nowrap" style={{ minWidth: 0 }}>
      <span
        aria-hidden
        style={{
          width: 12,
          height: 12,
          borderRadius: 3,
          background: color,
          flex: "none",
          boxShadow: "0 0 0 1px #0003",
        }}
      />
      <Text size={size} truncate>
        {name}
      </Text>
    </Group>
  );
}
