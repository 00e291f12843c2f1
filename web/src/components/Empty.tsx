import { Group, Stack, Text, ThemeIcon, Title } from "@mantine/core";
import type { ComponentType, ReactNode } from "react";

interface Props {
  icon: ComponentType<{ size?: number; stroke?: number; "aria-hidden"?: boolean }>;
  title: string;
  children?: ReactNode;
  action?: ReactNode;
}

/** Says what belongs here, what the next step is, and offers it. */
export function Empty({ icon: Icon, title, children, action }: Props) {
  return (
    <Stack align="center" gap="sm" py={48} px="md" ta="center">
      <ThemeIcon size={56} radius="xl" variant="light" color="gray">
        <Icon size={28} stroke={1.5} aria-hidden />
      </ThemeIcon>
      <Title order={2}>{title}</Title>
      {children !== undefined && (
        <Text c="dimmed" maw={560} component="div">
          {children}
        </Text>
      )}
      {action !== undefined && (
        <Group mt="sm" justify="center">
          {action}
        </Group>
      )}
    </Stack>
  );
}
