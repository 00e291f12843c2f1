import { Badge, Select, Tabs } from "@mantine/core";
import { IconTrash } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useEffect, useRef, type ReactNode } from "react";
import { classesQuery } from "../../api/queries";
import type { ProjectCounts, Split } from "../../api/types";
import { SearchBox } from "../../components/SearchBox";
import { count } from "../../lib/format";
import { common } from "../../strings/common";
import { images as words } from "../../strings/images";
import { library } from "../../strings/library";
import { proposals } from "../../strings/proposals";
import { tags } from "../../strings/tags";
import { tagsQuery } from "../tags/queries";
import { useReviewed } from "../workflow/useWork";
import { WorkFilters } from "../workflow/WorkFilters";
import { isNarrowed, ORDERS, withFilter, type ImageFilter, type Order } from "./filter";
import { FilterChips, useChips } from "./FilterChips";
import { FilterMenu } from "./FilterMenu";
import { ViewsMenu } from "./ViewsMenu";
import css from "./images.module.css";

interface Props {
  filter: ImageFilter;
  onChange: (filter: ImageFilter) => void;
}

const SPLITS: readonly Split[] = ["train", "val", "test", "none"];
/** No class and no tag is called like this: no NUL can be stored. */
const SEVERAL = "\0several";

/** All images, one split, or the trash: with how many there are. */
export function SplitTabs({ filter, onChange, counts }: Props & { counts: ProjectCounts | undefined }) {
  const value = filter.trash === true ? "trash" : (filter.split ?? "all");
  const numbers = new Map(counts?.splits.map((split) => [split.split, split.images]));
  const all = [...numbers.values()].reduce((sum, n) => sum + n, 0);
  const choose = (tab: string | null) => {
    const split = SPLITS.find((name) => name === tab);
    onChange(withFilter(filter, { split, trash: tab === "trash" ? true : undefined }));
  };
  const list = useRef<HTMLDivElement>(null);
  useEffect(() => {
    list.current?.querySelector("[aria-selected=true]")?.scrollIntoView({ block: "nearest", inline: "nearest" });
  }, [value]);
  const tab = (name: string, label: string, n: number | undefined) => (
    <Tabs.Tab key={name} value={name} style={{ flex: "none" }} rightSection={n === undefined ? null : <Count n={n} />}>
      {label}
    </Tabs.Tab>
  );
  return (
    <Tabs value={value} onChange={choose} className={css.tabs}>
      <Tabs.List
        ref={list}
        aria-label={words.splits}
        style={{ flexWrap: "nowrap", overflowX: "auto", overflowY: "hidden" }}
      >
        {tab("all", common.all, counts === undefined ? undefined : all)}
        {SPLITS.map((split) => tab(split, common.split[split], numbers.get(split) ?? (counts ? 0 : undefined)))}
        <Tabs.Tab
          value="trash"
          ml="auto"
          style={{ flex: "none" }}
          leftSection={<IconTrash size={16} aria-hidden />}
          rightSection={counts === undefined ? null : <Count n={counts.trash} />}
        >
          {words.trash}
        </Tabs.Tab>
      </Tabs.List>
    </Tabs>
  );
}

function Count({ n }: { n: number }) {
  return (
    <Badge size="sm" color="gray" className="number" style={{ flex: "none" }}>
      {count(n)}
    </Badge>
  );
}

/** Narrow the list by name, state, class and tag, by all else in a dialog; choose its order; the active filters below. */
export function FilterBar({
  projectId,
  filter,
  onChange,
  children,
}: Props & { projectId: string; children?: ReactNode }) {
  const reviewed = useReviewed(projectId);
  const chips = useChips(projectId, filter);
  const states = ["unlabeled", "labeled", "empty", "proposals"] as const;
  // The least sure proposals are those of images that have any: that is said, not done behind one's back.
  const sort = (order: Order | undefined) =>
    onChange(withFilter(filter, { order, ...(order === "least_sure" ? { state: "proposals" } : {}) }));
  return (
    <div className={css.bar} role="search" aria-label={words.filters}>
      <SearchBox
        label={words.filterName}
        className={css.search}
        value={filter.name ?? ""}
        onSearch={(name) => onChange(withFilter(filter, { name }))}
      />
      <Select
        aria-label={words.filterState}
        className={css.select ?? ""}
        data={[
          { value: "", label: words.anyState },
          ...states.map((s) => ({ value: s, label: s === "proposals" ? proposals.toReview : common.state[s] })),
        ]}
        value={filter.state ?? ""}
        onChange={(state) => onChange(withFilter(filter, { state: states.find((s) => s === state) }))}
      />
      <ClassFilter projectId={projectId} filter={filter} onChange={onChange} />
      <TagFilter projectId={projectId} filter={filter} onChange={onChange} />
      <Select
        aria-label={words.order}
        className={css.select ?? ""}
        data={ORDERS.map((order) => ({ value: order, label: words.orders[order] }))}
        comboboxProps={{ width: "max-content", position: "bottom-start" }}
        value={filter.order ?? "unlabeled_first"}
        onChange={(order) => sort(ORDERS.find((o) => o === order))}
      />
      {reviewed && (
        <WorkFilters projectId={projectId} filter={filter} onChange={onChange} className={css.select ?? ""} />
      )}
      <FilterMenu projectId={projectId} filter={filter} onChange={onChange} active={chips.length} />
      <ViewsMenu projectId={projectId} filter={filter} onChange={onChange} />
      {children}
      {isNarrowed(filter) && <FilterChips filter={filter} chips={chips} onChange={onChange} />}
    </div>
  );
}

/** By one class; several are chosen in the dialog. */
function ClassFilter({ projectId, filter, onChange }: Props & { projectId: string }) {
  const classes = useQuery(classesQuery(projectId));
  const several = filter.classes?.length ?? 0;
  return (
    <Select
      aria-label={words.filterClass}
      className={css.select ?? ""}
      searchable
      data={[
        { value: "", label: words.anyClass },
        ...(several > 0 ? [{ value: SEVERAL, label: library.severalClasses(several) }] : []),
        ...(classes.data ?? []).map((found) => ({ value: found.id, label: found.name })),
      ]}
      value={several > 0 ? SEVERAL : (filter.class ?? "")}
      onChange={(id) => {
        if (id !== SEVERAL) onChange(withFilter(filter, { class: id ?? undefined, classes: undefined }));
      }}
    />
  );
}

/** By one tag, where there are tags. */
function TagFilter({ projectId, filter, onChange }: Props & { projectId: string }) {
  const found = useQuery(tagsQuery(projectId)).data ?? [];
  const several = filter.tags?.length ?? 0;
  if (found.length === 0 && filter.tag === undefined && several === 0) return null;
  const names = found.map(({ tag, images }) => ({ value: tag, label: tags.tagged(tag, images) }));
  const gone = filter.tag !== undefined && !found.some(({ tag }) => tag === filter.tag) ? [filter.tag] : [];
  return (
    <Select
      aria-label={tags.filter}
      className={css.select ?? ""}
      searchable
      data={[
        { value: "", label: tags.any },
        ...(several > 0 ? [{ value: SEVERAL, label: library.severalTags(several) }] : []),
        ...names,
        ...gone.map((tag) => ({ value: tag, label: tag })),
      ]}
      value={several > 0 ? SEVERAL : (filter.tag ?? "")}
      onChange={(tag) => {
        if (tag !== SEVERAL) onChange(withFilter(filter, { tag: tag ?? undefined, tags: undefined }));
      }}
    />
  );
}
