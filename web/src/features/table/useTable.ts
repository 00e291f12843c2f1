import { useHotkeys, useLocalStorage } from "@mantine/hooks";
import { useEffect } from "react";
import { table as text } from "../../strings/table";
import { withFilter, type Change, type ImageFilter } from "../images/filter";

/**
 * Whether the library is a table, and which fields are its columns. The address holds both; the browser remembers them
 * for where the address says nothing, and then they are put into it.
 */
export function useTable(
  projectId: string,
  filter: ImageFilter,
  onFilter: (change: (now: ImageFilter) => ImageFilter) => void,
) {
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
  // Of what the address says by then: it may have changed since this was drawn.
  const change = (made: (now: ImageFilter) => Change) => onFilter((now) => withFilter(now, made(now)));
  useEffect(() => {
    if (!isSaid) change(({ as = "table", columns = fields }) => ({ as, columns }));
  });
  const toggle = () =>
    change(({ as = isTable ? "table" : "pictures" }) => {
      const next = as !== "table";
      setUsually(next);
      return next ? { as: "table", columns: fields } : { as: "pictures", columns: undefined };
    });
  const setFields = (columns: string[]) => {
    remember(columns);
    change(() => ({ as: "table", columns }));
  };
  useHotkeys([[text.key, toggle]]);
  return { isTable, toggle, fields, setFields };
}
