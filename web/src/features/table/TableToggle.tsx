import { Button } from "@mantine/core";
import { IconLayoutGrid, IconTable } from "@tabler/icons-react";
import { table as text } from "../../strings/table";

/** Between pictures and table. */
export function TableToggle({ isTable, onToggle }: { isTable: boolean; onToggle: () => void }) {
  const Icon = isTable ? IconLayoutGrid : IconTable;
  return (
    <Button
      variant="default"
      px={8}
      style={{ flex: "none" }}
      aria-label={isTable ? text.grid : text.show}
      title={isTable ? text.gridHint : text.showHint}
      aria-keyshortcuts={text.key}
      onClick={onToggle}
    >
      <Icon size={18} stroke={1.5} aria-hidden />
    </Button>
  );
}
