import { ActionIcon, Button, Group, Menu, Paper, Title, Tooltip } from "@mantine/core";
import { IconDownload } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { chart as words } from "../../strings/chart";
import type { Option } from "./echarts";
import { saveCsv, savePng, saveSvg, type Table } from "./save";

interface Props {
  title: string;
  option: () => Option;
  table: () => Table;
  zoomed?: boolean;
  onReset?: () => void;
  children: ReactNode;
}

/** The frame of a chart: its title, and how to take it away. */
export function ChartCard({ title, option, table, zoomed = false, onReset, children }: Props) {
  return (
    <Paper component="section" aria-label={title} p="sm">
      <Group justify="space-between" mb={4} mih={34}>
        <Title order={3}>{title}</Title>
        <Group gap="xs">
          {zoomed && (
            <Button size="compact-sm" variant="light" onClick={onReset}>
              {words.resetZoom}
            </Button>
          )}
          <Menu>
            <Menu.Target>
              <Tooltip label={words.saveShort}>
                <ActionIcon aria-label={words.save(title)}>
                  <IconDownload size={18} stroke={1.5} />
                </ActionIcon>
              </Tooltip>
            </Menu.Target>
            <Menu.Dropdown>
              <Menu.Item onClick={() => saveSvg(title, option())}>{words.svg}</Menu.Item>
              <Menu.Item onClick={() => savePng(title, option())}>{words.png}</Menu.Item>
              <Menu.Item onClick={() => saveCsv(title, table())}>{words.csv}</Menu.Item>
            </Menu.Dropdown>
          </Menu>
        </Group>
      </Group>
      {children}
    </Paper>
  );
}
