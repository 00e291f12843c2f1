import { useHotkeys, useLocalStorage } from "@mantine/hooks";
import { table as text } from "../../strings/table";

/** Whether the library is a table, and which fields are its columns: the browser remembers both. */
export function useTable(projectId: string) {
  const [isTable, setTable] = useLocalStorage<boolean>({
    key: "boxwright.library.table",
    defaultValue: false,
    getInitialValueInEffect: false,
  });
  const [fields, setFields] = useLocalStorage<string[]>({
    key: `boxwright.library.columns.${projectId}`,
    defaultValue: [...text.usual],
    getInitialValueInEffect: false,
  });
  const toggle = () => setTable((now) => !now);
  useHotkeys([[text.key, toggle]]);
  return { isTable, toggle, fields, setFields };
}
