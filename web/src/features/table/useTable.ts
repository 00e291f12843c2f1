import { useHotkeys, useLocalStorage } from "@mantine/hooks";
import { useEffect } from "react";
import { table as text } from "../../strings/table";
import { withFilter, type ImageFilter } from "../images/filter";

/**
 * Whether the library is a table, and which fields are its columns. The address holds both; the browser remembers them
 * for where the address says nothing, and then they are put into it.
 */
export function useTable(projectId: string, filter: ImageFilter, onFilter: (filter: ImageFilter) => void) {
  const [usually, setUsually] = useLocalStorage<boolean>({
    key: "boxwright.library.table",
    defaultValue: false,
    getInitialValueInEffect: false,
  });
  const [remembered, remember] = useLocalStorage<string[]>({
    key: `boxwright.library.columns.${projectId}`,
    defaultValue: [...text.usual],
    getInitialValueInEffect: false,
  });
  const isTable = filter.as === undefined ? usually : filter.as === "table";
  const fields = filter.columns ?? remembered;
  const isSaid = !isTable || (filter.as === "table" && filter.columns !== undefined);
  useEffect(() => {
    if (!isSaid) onFilter(withFilter(filter, { as: "table", columns: fields }));
  });
  const toggle = () => {
    setUsually(!isTable);
    onFilter(withFilter(filter, isTable ? { as: "pictures", columns: undefined } : { as: "table", columns: fields }));
  };
  const setFields = (columns: string[]) => {
    remember(columns);
    onFilter(withFilter(filter, { as: "table", columns }));
  };
  useHotkeys([[text.key, toggle]]);
  return { isTable, toggle, fields, setFields };
}
