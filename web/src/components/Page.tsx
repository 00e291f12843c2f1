import { Box, Group, Text, Title } from "@mantine/core";
import { useEffect, type ReactNode } from "react";
import { common } from "../strings/common";

interface Props {
  title: string;
  subtitle?: ReactNode;
  actions?: ReactNode;
  /** Widest the content gets; lists and grids take all there is. */
  width?: number | string;
  children: ReactNode;
}

/** The frame of every page: heading, actions at its right, content. Names the browser tab. */
export function Page({ title, subtitle, actions, width = "100%", children }: Props) {
  useTitle(title);
  return (
    <Box p={{ base: "sm", sm: "lg" }} maw={width} mx="auto" w="100%">
      <Group justify="space-between" align="start" mb="md" gap="sm">
        <div style={{ minWidth: 0 }}>
          <Title order={1} style={{ overflowWrap: "anywhere" }}>
            {title}
          </Title>
          {subtitle !== undefined && (
            <Text c="dimmed" component="div">
              {subtitle}
            </Text>
          )}
        </div>
        {actions !== undefined && <Group gap="sm">{actions}</Group>}
      </Group>
      {children}
    </Box>
  );
}

/** Name the browser tab while a page is shown. */
export function useTitle(title: string): void {
  useEffect(() => {
    document.title = `${title} – ${common.product}`;
    return () => {
      document.title = common.product;
    };
  }, [title]);
}
