import {
  ActionIcon,
  Button,
  Group,
  Menu,
  Paper,
  ScrollArea,
  Table as MantineTable,
  Title,
  Tooltip,
} from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconDownload, IconTable } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { count } from "../../lib/format";
import { chart as words } from "../../strings/chart";
import type { Option } from "./echarts";
import { short } from "./series";
import { saveCsv, savePng, saveSvg, type Table } from "./save";

interface Props {
  title: string;
  /** How it is drawn on a picture to save; none where it is no drawing of ECharts. */
  option?: () => Option;
  table: () => Table;
  zoomed?: boolean;
  onReset?: () => void;
  children: ReactNode;
}

/** The frame of a chart: its title, and how to take it away. */
export function ChartCard({ title, option, table, zoomed = false, onReset, children }: Props) {
  const [asTable, { toggle }] = useDisclosure(false);
  return (
    <Paper component="section" aria-label={title} p="sm">
      <Group justify="space-between" mb={4} mih={34}>
        <Title order={3}>{title}</Title>
        <Group gap="xs">
          {zoomed && !asTable && (
            <Button size="compact-sm" variant="light" onClick={onReset}>
              {words.resetZoom}
            </Button>
          )}
          <Tooltip label={words.table}>
            <ActionIcon
              aria-label={words.tableOf(title)}
              aria-pressed={asTable}
              variant={asTable ? "light" : "subtle"}
              onClick={toggle}
            >
              <IconTable size={18} stroke={1.5} />
            </ActionIcon>
          </Tooltip>
          <Menu>
            <Menu.Target>
              <Tooltip label={words.saveShort}>
                <ActionIcon aria-label={words.save(title)}>
                  <IconDownload size={18} stroke={1.5} />
                </ActionIcon>
              </Tooltip>
            </Menu.Target>
            <Menu.Dropdown>
              {option !== undefined && (
                <>
                  <Menu.Item onClick={() => saveSvg(title, option())}>{words.svg}</Menu.Item>
                  <Menu.Item onClick={() => savePng(title, option())}>{words.png}</Menu.Item>
                </>
              )}
              <Menu.Item onClick={() => saveCsv(title, table())}>{words.csv}</Menu.Item>
            </Menu.Dropdown>
          </Menu>
        </Group>
      </Group>
      {asTable ? <Values title={title} table={table()} /> : children}
    </Paper>
  );
}

/** Numbers of things as they are, others to four digits. */
function said(value: string | number | null): string {
  if (typeof value !== "number") return value ?? "–";
  return Number.isInteger(value) ? count(value) : short(value);
}

const TALL = 320;

/** The values of a chart as a table, for eyes and hands that want it so. */
function Values({ title, table: [head = [], ...rows] }: { title: string; table: Table }) {
  // A column of figures stands at the right as a whole, with its name and its gaps.
  const sides = head.map((_, column) => (rows.some((row) => typeof row[column] === "number") ? "number" : ""));
  return (
    <ScrollArea.Autosize mah={TALL} type="auto" viewportProps={{ tabIndex: 0, role: "region", "aria-label": title }}>
      <MantineTable aria-label={title} stickyHeader>
        <MantineTable.Thead>
          <MantineTable.Tr>
            {head.map((name, column) => (
              <MantineTable.Th key={column} className={sides[column] ?? ""}>
                {name}
              </MantineTable.Th>
            ))}
          </MantineTable.Tr>
        </MantineTable.Thead>
        <MantineTable.Tbody>
          {rows.map((row, index) => (
            <MantineTable.Tr key={index}>
              {row.map((value, column) => (
                <MantineTable.Td key={column} className={sides[column] ?? ""}>
                  {said(value)}
                </MantineTable.Td>
              ))}
            </MantineTable.Tr>
          ))}
        </MantineTable.Tbody>
      </MantineTable>
    </ScrollArea.Autosize>
  );
}
