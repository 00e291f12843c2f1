import { ActionIcon, NumberInput, SegmentedControl, Select, Table, Text, Tooltip } from "@mantine/core";
import { IconPhotoPlus, IconRefresh } from "@tabler/icons-react";
import { keepPreviousData, queryOptions, useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { api, call } from "../../api/client";
import { keys } from "../../api/keys";
import { classesQuery } from "../../api/queries";
import type { Split } from "../../api/types";
import { Empty } from "../../components/Empty";
import { LinkButton } from "../../components/links";
import { Lines, Loaded } from "../../components/Loaded";
import { Page } from "../../components/Page";
import { WideTable } from "../../components/WideTable";
import { ago, count } from "../../lib/format";
import { common } from "../../strings/common";
import { statistics as words } from "../../strings/statistics";
import { BarList } from "./BarList";
import {
  areaRows,
  classRows,
  compared,
  countRows,
  pixelRows,
  ratioRows,
  sizeRows,
  splitsOf,
  total,
  type Statistics,
} from "./figures";
import { HeatMap } from "./HeatMap";
import css from "./statistics.module.css";
import { MINIMUM, parseStatisticsView, type StatisticsView } from "./view";

const route = getRouteApi("/projects/$projectId/statistics");

const statisticsQuery = (projectId: string, classId: string | undefined) =>
  queryOptions({
    queryKey: keys.statistics(projectId, classId ?? ""),
    queryFn: () =>
      call(
        api.GET("/api/v1/projects/{project_id}/statistics", {
          params: { path: { project_id: projectId }, query: classId === undefined ? {} : { class_id: classId } },
        }),
      ),
    refetchInterval: ({ state }) => (state.data?.counting === true ? ASK_AGAIN_MS : false),
  });

const ASK_AGAIN_MS = 2000;

/** The figures are those of a while ago, or on their way. */
function Counting({ at }: { at: string | null }) {
  return (
    <>
      <Text c="dimmed" mb="md" role="status">
        {at === null ? words.countingFirst : words.countingAgain(ago(at))}
      </Text>
      {at === null && <Lines rows={12} />}
    </>
  );
}

/** What the dataset of a project looks like, in figures. */
export function StatisticsPage() {
  const { projectId } = route.useParams();
  const view = route.useSearch();
  const figures = useQuery({ ...statisticsQuery(projectId, view.class), placeholderData: keepPreviousData });
  return (
    <Page
      title={words.title}
      subtitle={words.intro}
      width={1440}
      actions={
        <>
          <Tooltip label={words.again}>
            <ActionIcon
              size="lg"
              variant="default"
              aria-label={words.again}
              loading={figures.isFetching}
              onClick={() => void figures.refetch()}
            >
              <IconRefresh size={18} stroke={1.5} />
            </ActionIcon>
          </Tooltip>
          <LinkButton to="/projects/$projectId/images" params={{ projectId }} variant="default">
            {words.toImages}
          </LinkButton>
        </>
      }
    >
      <Loaded
        query={figures}
        skeleton={
          <>
            <Text c="dimmed" mb="md">
              {words.counting}
            </Text>
            <Lines rows={12} />
          </>
        }
      >
        {(found) => (
          <>
            {found.counting && <Counting at={found.counted_at ?? null} />}
            {typeof found.counted_at === "string" && <Figures projectId={projectId} figures={found} view={view} />}
          </>
        )}
      </Loaded>
    </Page>
  );
}

interface Props {
  projectId: string;
  figures: Statistics;
  view: StatisticsView;
}

function Figures({ projectId, figures, view }: Props) {
  const splits = splitsOf(figures);
  if (splits.length === 0) {
    return (
      <Empty
        icon={IconPhotoPlus}
        title={words.emptyTitle}
        action={
          <LinkButton to="/projects/$projectId/images" params={{ projectId }}>
            {words.toImages}
          </LinkButton>
        }
      >
        {words.emptyBody}
      </Empty>
    );
  }
  const minimum = view.minimum ?? MINIMUM;
  const looks = { projectId, splits, shares: view.as === "shares" };
  const chosen = figures.classes.find(({ class_id }) => class_id === figures.class_id)?.name;
  const titled = (title: string) => (chosen === undefined ? title : words.ofClass(title, chosen));
  return (
    <>
      <Controls projectId={projectId} view={view} splits={splits} />
      <Compared figures={figures} splits={splits} title={titled(words.splits)} />
      <div className={css.charts}>
        <BarList {...looks} title={words.classes} hint={fewHint(figures, minimum)} rows={classRows(figures, minimum)} />
        <BarList {...looks} title={titled(words.coco)} rows={total(figures.objects) > 0 ? sizeRows(figures) : []} />
        <BarList {...looks} title={titled(words.areas)} hint={words.areasHint} rows={areaRows(figures)} />
        <BarList {...looks} title={titled(words.ratios)} hint={words.ratiosHint} rows={ratioRows(figures)} />
        <HeatMap title={titled(words.positions)} figures={figures} />
        <BarList {...looks} title={titled(words.counts)} rows={countRows(figures)} />
        <BarList {...looks} title={words.pixels} hint={words.pixelsHint} rows={pixelRows(figures)} />
      </div>
    </>
  );
}

function fewHint({ classes }: Statistics, minimum: number): string {
  if (classes.length === 0) return words.noClasses;
  const few = classes.filter(({ objects }) => total(objects) < minimum).length;
  if (few === 0) return words.fewNone(count(minimum));
  return words.fewSome(count(few), count(classes.length), count(minimum));
}

function Controls({ projectId, view, splits }: { projectId: string; view: StatisticsView; splits: readonly Split[] }) {
  const navigate = route.useNavigate();
  const classes = useQuery(classesQuery(projectId)).data ?? [];
  const show = (change: Record<string, unknown>) =>
    void navigate({ search: parseStatisticsView({ ...view, ...change }), replace: true });
  return (
    <div className={css.controls}>
      <Select
        label={words.class}
        searchable
        data={[{ value: "", label: words.allClasses }, ...classes.map(({ id, name }) => ({ value: id, label: name }))]}
        value={view.class ?? ""}
        onChange={(value) => show({ class: value ?? "" })}
      />
      <NumberInput
        label={words.minimum}
        min={0}
        max={1e9}
        w={230}
        allowDecimal={false}
        value={view.minimum ?? MINIMUM}
        onChange={(value) => {
          if (typeof value === "number") show({ minimum: value });
        }}
      />
      {splits.length > 1 && (
        <SegmentedControl
          aria-label={words.as}
          data={[
            { value: "numbers", label: words.numbers },
            { value: "shares", label: words.shares },
          ]}
          value={view.as ?? "numbers"}
          onChange={(as) => show({ as })}
        />
      )}
      <ul className={css.legend} aria-label={words.splits}>
        {splits.map((split) => (
          <li key={split}>
            <span data-split={split} aria-hidden />
            {common.split[split]}
          </li>
        ))}
      </ul>
    </div>
  );
}

function Compared({ figures, splits, title }: { figures: Statistics; splits: readonly Split[]; title: string }) {
  return (
    <WideTable label={title} least={220 + splits.length * 90}>
      <Table aria-label={title} withTableBorder>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{title}</Table.Th>
            <Table.Th ta="right">{words.all}</Table.Th>
            {splits.map((split) => (
              <Table.Th key={split} ta="right">
                {common.split[split]}
              </Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {compared(figures, splits).map(({ label, all, splits: each }) => (
            <Table.Tr key={label}>
              <Table.Th scope="row" fw={400}>
                {label}
              </Table.Th>
              {[all, ...each].map((value, column) => (
                <Table.Td key={column} ta="right" className="number">
                  {value}
                </Table.Td>
              ))}
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </WideTable>
  );
}
