import { Box, Button, Group, Input, Menu, Select, Slider, Switch, Text } from "@mantine/core";
import { IconDownload, IconPhotoOff } from "@tabler/icons-react";
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { useCallback, useMemo, useState } from "react";
import { modelQuery, urls } from "../../api/queries";
import type { Detection, Model, Run, RunImage } from "../../api/types";
import { Empty } from "../../components/Empty";
import { ErrorBox } from "../../components/ErrorBox";
import { Lines, Busy } from "../../components/Loaded";
import { notifyDone } from "../../components/notify";
import { VirtualGrid } from "../../components/VirtualGrid";
import { baseName, plural } from "../../lib/format";
import { common } from "../../strings/common";
import { predictions as words } from "../../strings/predictions";
import { Boxes } from "./Boxes";
import { operatingScores, shownOf, type RunView } from "./view";
import { runImagesQuery } from "./useRuns";
import { Viewer } from "./Viewer";
import css from "./predictions.module.css";

const route = getRouteApi("/projects/$projectId/predict/$runId");
const CAPTION = 28;
const FORMATS = ["images", "csv", "coco", "yolo", "json"] as const;

/** An image of a run with those of its detections that the view shows. */
export interface Shown {
  image: RunImage;
  detections: Detection[];
}

/** The results of a run under a threshold and a class. */
export function RunResults({ run }: { run: Run }) {
  const view = route.useSearch();
  const navigate = route.useNavigate();
  const list = useInfiniteQuery(runImagesQuery(run.id));
  const model = useQuery(modelQuery(run.model_id)).data;
  const operating = useMemo(() => operatingScores(model, run.score_threshold), [model, run.score_threshold]);
  const standard = Math.max(run.score_threshold, model?.card.score_threshold ?? 0.25);
  const learned = model?.card.classes.some(({ threshold }) => typeof threshold === "number") ?? false;
  // While the slider moves only the pictures change; the address follows when it is let go.
  const [moving, setMoving] = useState<number | null>(null);
  const chosen = moving ?? view.min ?? (learned ? null : standard);
  const least = useMemo(() => (chosen === null ? operating : () => chosen), [chosen, operating]);
  const images = useMemo(() => list.data?.pages.flatMap((page) => page.items) ?? [], [list.data]);
  const shown = useMemo(() => {
    const all = images.map((image) => ({ image, detections: shownOf(image, least, view.class) }));
    return view.hits === true ? all.filter((one) => one.detections.length > 0) : all;
  }, [images, least, view.class, view.hits]);
  const colorOf = useColors(model);
  const setView = (next: RunView) => void navigate({ search: next, replace: true });
  const { fetchNextPage } = list;
  const more = useCallback(() => void fetchNextPage(), [fetchNextPage]);
  if (list.isPending) {
    return (
      <Busy>
        <Lines />
      </Busy>
    );
  }
  if (list.isError && images.length === 0) return <ErrorBox error={list.error} onRetry={() => list.refetch()} />;
  if (images.length === 0) return null;
  return (
    <>
      <div className={css.tools} role="toolbar" aria-label={words.grid}>
        <Threshold
          min={chosen}
          standard={standard}
          least={run.score_threshold}
          onMove={setMoving}
          onSettle={(value) => {
            setMoving(null);
            setView({ ...view, min: value });
          }}
          onOperating={
            learned && chosen !== null
              ? () => {
                  const { min: _old, ...rest } = view;
                  setView(rest);
                }
              : undefined
          }
        />
        <ClassFilter model={model} view={view} onView={setView} />
        <Switch
          label={words.onlyHits}
          checked={view.hits === true}
          mb={8}
          onChange={(event) => {
            const { hits: _old, ...rest } = view;
            setView(event.currentTarget.checked ? { ...rest, hits: true } : rest);
          }}
        />
        <Total shown={shown} complete={!list.hasNextPage} />
        <Downloads run={run} min={chosen} />
      </div>
      {shown.length === 0 ? (
        <Empty icon={IconPhotoOff} title={words.emptyTitle}>
          {words.emptyBody}
        </Empty>
      ) : (
        <VirtualGrid
          items={shown}
          label={words.grid}
          least={240}
          height={(width) => width * 0.75 + CAPTION}
          keyOf={(one) => one.image.id}
          hasMore={list.hasNextPage}
          loadingMore={list.isFetchingNextPage}
          onMore={more}
          render={(one, width) => (
            <Tile
              shown={one}
              width={width}
              colorOf={colorOf}
              onOpen={() => setView({ ...view, image: one.image.id })}
            />
          )}
        />
      )}
      <Viewer
        shown={shown}
        openId={view.image}
        hasMore={list.hasNextPage}
        onMore={more}
        colorOf={colorOf}
        onOpen={(id) => {
          const { image: _old, ...rest } = view;
          setView(id === null ? rest : { ...rest, image: id });
        }}
      />
    </>
  );
}

function useColors(model: Model | undefined) {
  return useCallback((classId: number) => model?.card.classes[classId]?.color ?? "#56B4E9", [model]);
}

interface ThresholdProps {
  /** Null while each class has its own. */
  min: number | null;
  standard: number;
  least: number;
  onMove: (value: number) => void;
  onSettle: (value: number) => void;
  /** Back to the operating scores, where there are some and they do not hold. */
  onOperating: (() => void) | undefined;
}

function Threshold({ min, standard, least, onMove, onSettle, onOperating }: ThresholdProps) {
  return (
    <Box w={{ base: "100%", sm: 280 }}>
      <Group justify="space-between">
        <Input.Label component="div" title={words.thresholdHint}>
          {words.threshold}
        </Input.Label>
        <Group gap="xs">
          {onOperating !== undefined && (
            <Button variant="subtle" size="compact-xs" onClick={onOperating}>
              {words.operatingBack}
            </Button>
          )}
          <Text size="sm" fw={600} className="number" title={min === null ? words.operatingHint : undefined}>
            {min === null ? words.operating : min.toFixed(2)}
          </Text>
        </Group>
      </Group>
      <Slider
        min={least}
        max={1}
        step={0.01}
        value={min ?? standard}
        label={null}
        onChange={onMove}
        onChangeEnd={onSettle}
        thumbLabel={words.threshold}
        my={6}
      />
    </Box>
  );
}

interface ClassFilterProps {
  model: Model | undefined;
  view: RunView;
  onView: (view: RunView) => void;
}

function ClassFilter({ model, view, onView }: ClassFilterProps) {
  const classes = model?.card.classes ?? [];
  return (
    <Select
      label={words.classes}
      w={180}
      data={[
        { value: "", label: words.allClasses },
        ...classes.map((one, index) => ({ value: String(index), label: one.name })),
      ]}
      value={view.class === undefined ? "" : String(view.class)}
      onChange={(value) => {
        const { class: _old, ...rest } = view;
        onView(value === "" || value === null ? rest : { ...rest, class: Number(value) });
      }}
    />
  );
}

function Total({ shown, complete }: { shown: readonly Shown[]; complete: boolean }) {
  const objects = plural(
    shown.reduce((sum, one) => sum + one.detections.length, 0),
    "object",
  );
  const images = plural(shown.length, "image");
  return (
    <Text c="dimmed" role="status" mb={8} mr="auto" className="number">
      {complete ? words.shown(objects, images) : words.shownSoFar(objects, images)}
    </Text>
  );
}

function Downloads({ run, min }: { run: Run; min: number | null }) {
  return (
    <Menu>
      <Menu.Target>
        <Button leftSection={<IconDownload size={16} aria-hidden />}>{words.download}</Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>{min === null ? words.operatingDownload : words.downloadHint(min.toFixed(2))}</Menu.Label>
        {FORMATS.map((format) => (
          <Menu.Item
            key={format}
            component="a"
            href={urls.runResults(run.id, format, min)}
            download
            onClick={() => notifyDone(common.downloadStarted)}
          >
            {words.formats[format]}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}

interface TileProps {
  shown: Shown;
  width: number;
  colorOf: (classId: number) => string;
  onOpen: () => void;
}

function Tile({ shown: { image, detections }, width, colorOf, onOpen }: TileProps) {
  const note = image.error ?? (image.detections === null ? words.waiting : words.objects(detections.length));
  return (
    <button
      type="button"
      className={css.tile}
      aria-label={words.enlarge(image.name, note)}
      title={image.name}
      onClick={onOpen}
    >
      <span className={css.frame}>
        {image.error === null && <img src={urls.runThumbnail(image.id)} alt="" loading="lazy" decoding="async" />}
        <Boxes image={image} detections={detections} colorOf={colorOf} shownWidth={width} />
      </span>
      <span className={css.caption}>
        <span>{baseName(image.name)}</span>{" "}
        <Text span size="xs" c={image.error === null ? "dimmed" : "red"} truncate>
          {note}
        </Text>
      </span>
    </button>
  );
}
