import { Button, Group, Paper, SegmentedControl, Select, Text, Title } from "@mantine/core";
import { IconX } from "@tabler/icons-react";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useCallback, useMemo } from "react";
import { urls } from "../../api/queries";
import type { Evaluation, ImageOutcome, Model, QualityReport } from "../../api/types";
import { ErrorBox } from "../../components/ErrorBox";
import { Busy, Lines } from "../../components/Loaded";
import { VirtualGrid } from "../../components/VirtualGrid";
import { baseName } from "../../lib/format";
import { quality as words } from "../../strings/quality";
import tiles from "../predictions/predictions.module.css";
import { drawnOf, LOOKS, Overlay } from "./Overlay";
import { OutcomeViewer } from "./OutcomeViewer";
import { outcomesQuery } from "./queries";
import { useView } from "./useView";
import { asking, questionOf, type QualityView } from "./view";
import css from "./quality.module.css";

const CAPTION = 28;
const SHOWN = ["all", "fp", "fn", "tp"] as const;

interface Props {
  evaluation: Evaluation;
  model: Model;
  classes: QualityReport["classes"];
  nameOf: (classId: string) => string;
}

/** The images of an evaluation with truth and detections, the most certain errors first. */
export function OutcomeBrowser({ evaluation, model, classes, nameOf }: Props) {
  const { view, set } = useView();
  const list = useInfiniteQuery(outcomesQuery(evaluation.id, questionOf(view)));
  const images = useMemo(() => list.data?.pages.flatMap((page) => page.items) ?? [], [list.data]);
  const { fetchNextPage } = list;
  const more = useCallback(() => void fetchNextPage(), [fetchNextPage]);
  return (
    <Paper component="section" aria-label={words.images} p="sm">
      <Title order={3}>{words.images}</Title>
      <Tools view={view} classes={classes} nameOf={nameOf} onSet={set} />
      {list.isPending && (
        <Busy>
          <Lines />
        </Busy>
      )}
      {list.isError && images.length === 0 && <ErrorBox error={list.error} onRetry={() => list.refetch()} />}
      {list.isSuccess && images.length === 0 && <Text c="dimmed">{words.none}</Text>}
      {images.length > 0 && (
        <VirtualGrid
          items={images}
          label={words.grid}
          least={220}
          height={(width) => width * 0.75 + CAPTION}
          keyOf={(image) => image.image_id}
          render={(image, width) => (
            <Tile image={image} width={width} nameOf={nameOf} onOpen={() => set({ ...view, image: image.image_id })} />
          )}
          hasMore={list.hasNextPage}
          loadingMore={list.isFetchingNextPage}
          onMore={more}
        />
      )}
      <OutcomeViewer
        images={images}
        openId={view.image}
        projectId={model.project_id}
        nameOf={nameOf}
        hasMore={list.hasNextPage}
        onMore={more}
        onOpen={(id) => {
          const { image: _old, ...rest } = view;
          set(id === null ? rest : { ...rest, image: id });
        }}
      />
    </Paper>
  );
}

interface ToolsProps {
  view: QualityView;
  classes: QualityReport["classes"];
  nameOf: (classId: string) => string;
  onSet: (view: QualityView) => void;
}

function Tools({ view, classes, nameOf, onSet }: ToolsProps) {
  const special =
    view.kind !== undefined
      ? words.kinds[view.kind]
      : view.truth !== undefined && view.found !== undefined
        ? `${nameOf(view.truth)} → ${view.found === "background" ? words.notFound : nameOf(view.found)}`
        : null;
  const ofClass = view.class === undefined ? {} : { class: view.class };
  return (
    <Group align="end" gap="md" mb="sm" mt="xs">
      <SegmentedControl
        aria-label={words.show}
        data={SHOWN.map((value) => ({ value, label: words.outcomes[value] }))}
        value={special === null ? (view.outcome ?? "all") : ""}
        onChange={(value) => {
          const outcome = SHOWN.find((one) => one === value && one !== "all");
          onSet(asking(view, { ...ofClass, ...(outcome === undefined || outcome === "all" ? {} : { outcome }) }));
        }}
      />
      {view.truth === undefined && (
        <Select
          aria-label={words.class}
          placeholder={words.allClasses}
          w={200}
          clearable
          searchable={classes.length > 8}
          data={classes.map((one) => ({ value: one.class_id, label: one.name }))}
          value={view.class ?? null}
          onChange={(id) => {
            const { class: _old, image: _image, ...rest } = view;
            onSet(id === null ? rest : { ...rest, class: id });
          }}
        />
      )}
      {special !== null && (
        <Button
          variant="light"
          rightSection={<IconX size={14} aria-hidden />}
          aria-label={`${words.clear}: ${words.filtered} ${special}`}
          onClick={() => onSet(asking(view, {}))}
        >
          {special}
        </Button>
      )}
      <Legend />
    </Group>
  );
}

function Legend() {
  return (
    <Group gap="md" className={css.legend} component="ul" m={0} p={0} style={{ listStyle: "none" }}>
      {(["tp", "fp", "fn", "truth"] as const).map((look) => (
        <Group key={look} gap={6} component="li">
          <span
            aria-hidden
            className={css.swatch}
            style={{
              borderColor: LOOKS[look].stroke,
              borderStyle: LOOKS[look].dash ? "dashed" : "solid",
              background: "#555",
            }}
          />
          <Text size="xs">{words.legend[look]}</Text>
        </Group>
      ))}
    </Group>
  );
}

interface TileProps {
  image: ImageOutcome;
  width: number;
  nameOf: (classId: string) => string;
  onOpen: () => void;
}

function Tile({ image, width, nameOf, onOpen }: TileProps) {
  const drawn = useMemo(() => drawnOf(image, nameOf), [image, nameOf]);
  const [wrong, missed] = (["fp", "fn"] as const).map((look) => drawn.filter((one) => one.look === look).length);
  const note = wrong === 0 && missed === 0 ? words.allRight : words.note(wrong ?? 0, missed ?? 0);
  return (
    <button
      type="button"
      className={tiles.tile}
      aria-label={words.enlarge(image.name, note)}
      title={image.name}
      onClick={onOpen}
    >
      <span className={tiles.frame}>
        <img src={urls.thumbnail(image.image_id)} alt="" loading="lazy" decoding="async" />
        <Overlay image={image} drawn={drawn} shownWidth={width} />
      </span>
      <span className={tiles.caption}>
        <span>{baseName(image.name)}</span>{" "}
        <Text span size="xs" c="dimmed" truncate>
          {note}
        </Text>
      </span>
    </button>
  );
}
