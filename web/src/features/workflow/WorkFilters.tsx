import { Select } from "@mantine/core";
import { work } from "../../strings/work";
import { withFilter, WORK_FILTERS, type ImageFilter } from "../images/filter";
import { usePeople } from "./useWork";

const { filter: words } = work;

interface Props {
  projectId: string;
  filter: ImageFilter;
  onChange: (filter: ImageFilter) => void;
  className: string;
}

/** Narrow the library by whose images they are, and how far. */
export function WorkFilters({ projectId, filter, onChange, className }: Props) {
  const { names } = usePeople(projectId);
  const { assignee = "" } = filter;
  const people = [...names].map(([value, label]) => ({ value, label }));
  const known = ["", "me", "nobody"].includes(assignee) || names.has(assignee);
  return (
    <>
      <Select
        aria-label={words.assignee}
        className={className}
        searchable
        data={[
          { value: "", label: words.anyone },
          { value: "me", label: work.me },
          { value: "nobody", label: work.nobody },
          ...people,
          ...(known ? [] : [{ value: assignee, label: work.former }]),
        ]}
        value={assignee}
        onChange={(value) => onChange(withFilter(filter, { assignee: value ?? undefined }))}
      />
      <Select
        aria-label={words.state}
        className={className}
        data={[
          { value: "", label: words.any },
          ...WORK_FILTERS.map((value) => ({
            value,
            label: value === "open" ? words.open : work.states[value],
          })),
        ]}
        value={filter.work ?? ""}
        onChange={(value) => onChange(withFilter(filter, { work: WORK_FILTERS.find((one) => one === value) }))}
      />
    </>
  );
}
