import { useDebouncedValue } from "@mantine/hooks";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { filterBody, isNarrowed, withFilter, type Change as FilterChange, type ImageFilter } from "../images/filter";
import { previewQuery, type Plan, type ValueRule } from "./changes";

/** What somebody asks for: begun with these classes, and perhaps with one that takes their objects. */
export interface Asked {
  kind: Plan["kind"];
  ids: readonly string[];
  into?: string;
  /** Whether somebody has typed the name of that class as a new one. */
  renamed?: boolean;
  /** The images that a split is of; without them it is a filter that says which objects. */
  images?: readonly string[];
}

const CALM_MS = 250;

/** What is filled in, the plan that it makes, and what that would touch. */
export function useAsking(projectId: string, asked: Asked, filter: ImageFilter) {
  const [ids, setIds] = useState(asked.ids);
  const [into, setInto] = useState(asked.into ?? "");
  const [values, setValues] = useState<ValueRule>("add");
  const [draft, setDraft] = useState<FilterChange>(filter);
  const given = { ids, into: into.trim(), values, filter: withFilter({}, draft) };
  const plan = planOf(asked, given);
  const [calm] = useDebouncedValue(JSON.stringify(plan), CALM_MS);
  const seen = useQuery({ ...previewQuery(projectId, JSON.parse(calm) as Plan), enabled: calm !== "null" });
  const fresh = calm === JSON.stringify(plan) && !seen.isPlaceholderData && !seen.isError;
  return {
    ...{ ids, setIds, into, setInto, values, setValues, plan, seen },
    filtered: isFiltered(asked),
    named: isNamed(asked, given),
    draft: draft as ImageFilter,
    onDraft: (change: FilterChange) => setDraft((now) => ({ ...now, ...change })),
    /** What may be done: exactly what is on show. */
    ready: plan !== null && fresh && seen.data !== undefined ? { plan, preview: seen.data } : null,
  };
}

interface Given {
  ids: readonly string[];
  into: string;
  values: ValueRule;
  filter: ImageFilter;
}

const isFiltered = ({ kind, images }: Asked) => kind === "split" && images === undefined;
const isNamed = ({ kind }: Asked, { ids, into }: Given) => ids.length > 0 && (kind === "delete" || into !== "");

/** The plan of what is filled in; null while something is missing. */
function planOf(asked: Asked, given: Given): Plan | null {
  const filtered = isFiltered(asked);
  if (!isNamed(asked, given) || (filtered && !isNarrowed(given.filter))) return null;
  return {
    kind: asked.kind,
    class_ids: [...given.ids],
    into_id: null,
    name: asked.kind === "delete" ? null : given.into,
    query: filtered ? filterBody(given.filter) : null,
    image_ids: asked.images ? [...asked.images] : null,
    values: given.values,
  };
}
