import { Group, Select, Stack, Text } from "@mantine/core";
import { IconChecklist } from "@tabler/icons-react";
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { useMemo, type ReactNode } from "react";
import { classesQuery } from "../../api/queries";
import { Empty } from "../../components/Empty";
import { ErrorBox } from "../../components/ErrorBox";
import { Lines } from "../../components/Loaded";
import { Segments } from "../../components/Segments";
import { count } from "../../lib/format";
import { common } from "../../strings/common";
import { labels as words } from "../../strings/labels";
import { CheckBar } from "./CheckBar";
import { Many } from "./Many";
import { labelCheckQuery, suspicionsQuery } from "./queries";
import { Review } from "./Review";
import { useDeciding } from "./useDeciding";
import { useReviewKeys } from "./useReviewKeys";
import { KINDS, SPLITS, STATES, type LabelsView as View } from "./view";

interface Props {
  projectId: string;
  view: View;
  onChange: (view: View) => void;
}

/** Labels that are likely wrong, one after the other. */
export function LabelsView({ projectId, view, onChange }: Props) {
  const check = useQuery(labelCheckQuery(projectId)).data;
  return (
    <Stack gap="md">
      <CheckBar projectId={projectId} />
      {check !== undefined && check.checked_at !== null && (
        <>
          <Filters projectId={projectId} view={view} onChange={onChange}>
            {view.state === undefined && <Many projectId={projectId} view={view} at={check.checked_at} />}
          </Filters>
          <Queue projectId={projectId} view={view} onChange={onChange} at={check.checked_at} />
        </>
      )}
    </Stack>
  );
}

function Filters({ projectId, view, onChange, children }: Props & { children: ReactNode }) {
  const check = useQuery(labelCheckQuery(projectId)).data;
  const classes = useQuery(classesQuery(projectId)).data ?? [];
  const { item: _item, ...rest } = view;
  const set = (change: { [K in keyof View]?: View[K] | undefined }) => {
    const next = Object.entries({ ...rest, ...change }).filter(([, value]) => value !== undefined);
    onChange(Object.fromEntries(next));
  };
  const number = (kind?: View["kind"]) =>
    (check?.counts ?? [])
      .filter((one) => kind === undefined || one.kind === kind)
      .reduce((sum, one) => sum + one.count, 0);
  const named = (name: string, n: number) => (view.state === undefined ? `${name} ${count(n)}` : name);
  return (
    <Group gap="sm">
      <Segments
        aria-label={words.kind}
        data={[
          { value: "all", label: named(words.all, number()) },
          ...KINDS.map((value) => ({ value, label: named(words.kinds[value], number(value)) })),
        ]}
        value={view.kind ?? "all"}
        onChange={(value) => set({ kind: KINDS.find((kind) => kind === value) })}
      />
      <Select
        aria-label={words.class}
        placeholder={words.anyClass}
        data={classes.map(({ id, name }) => ({ value: id, label: name }))}
        value={view.class ?? null}
        onChange={(value) => set({ class: value ?? undefined })}
        clearable
        searchable={classes.length > 8}
        w={145}
      />
      <Select
        aria-label={words.split}
        placeholder={words.anySplit}
        data={SPLITS.map((value) => ({ value, label: common.split[value] }))}
        value={view.split ?? null}
        onChange={(value) => set({ split: SPLITS.find((split) => split === value) })}
        clearable
        w={125}
      />
      <Select
        aria-label={words.state}
        data={STATES.map((value) => ({ value, label: words.states[value] }))}
        value={view.state ?? "open"}
        onChange={(value) =>
          set({ state: STATES.find((state) => state === value && state !== "open") as View["state"] })
        }
        allowDeselect={false}
        w={130}
      />
      {children}
    </Group>
  );
}

function Queue({ projectId, view, onChange, at }: Props & { at: string }) {
  const list = useInfiniteQuery(suspicionsQuery(projectId, view, at));
  const items = useMemo(() => list.data?.pages.flatMap((page) => page.items) ?? [], [list.data]);
  if (list.isError && list.data === undefined) return <ErrorBox error={list.error} onRetry={() => list.refetch()} />;
  if (list.isPending) return <Lines />;
  if (items.length === 0) {
    return (
      <>
        <UndoKey projectId={projectId} onBack={(item) => onChange({ ...view, item })} />
        <Empty icon={IconChecklist} title={view.state === undefined ? words.none : words.noneDone}>
          {view.state === undefined ? <Text>{words.noneBody}</Text> : null}
        </Empty>
      </>
    );
  }
  return (
    <Review
      projectId={projectId}
      items={items}
      current={view.item}
      open={view.state === undefined}
      hasMore={list.hasNextPage}
      onMore={() => void list.fetchNextPage()}
      onCurrent={(item) => onChange({ ...view, item })}
    />
  );
}

/** The last decision can be taken back by its key also when it was the last one of all. */
function UndoKey({ projectId, onBack }: { projectId: string; onBack: (id: string) => void }) {
  const { undo } = useDeciding(projectId, onBack);
  useReviewKeys({ "mod+Z": undo });
  return null;
}
