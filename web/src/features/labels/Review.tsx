import { Badge, Button, Checkbox, Group, Paper, Text, VisuallyHidden } from "@mantine/core";
import { useHotkeys } from "@mantine/hooks";
import { IconArrowBackUp, IconCheck, IconChevronLeft, IconChevronRight, IconPencil, IconX } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useEffect, useRef, useState } from "react";
import { classesQuery } from "../../api/queries";
import { percent } from "../../lib/format";
import { common } from "../../strings/common";
import { labels as words } from "../../strings/labels";
import { useMay } from "../people/useMay";
import { boxesOf, Crop, LOOKS } from "./Crop";
import type { Suspicion } from "./queries";
import { useDeciding } from "./useDeciding";
import { useReviewKeys } from "./useReviewKeys";
import css from "./labels.module.css";

const BACK = <IconChevronLeft size={16} aria-hidden />;
const NEXT = <IconChevronRight size={16} aria-hidden />;

interface Props {
  projectId: string;
  items: readonly Suspicion[];
  current: string | undefined;
  /** These wait for a decision; others can only be taken back. */
  open: boolean;
  hasMore: boolean;
  onMore: () => void;
  onCurrent: (id: string) => void;
}

/** One suspicion large, what the two say in words, and all others in a strip below. */
export function Review({ projectId, items, current, open, hasMore, onMore, onCurrent }: Props) {
  const found = items.findIndex(({ id }) => id === current);
  const at = Math.max(found, 0);
  const item = items[at];
  useEffect(() => {
    if (hasMore && at > items.length - 15) onMore();
  }, [hasMore, at, items.length, onMore]);
  if (item === undefined) return null;
  const go = (step: number) => {
    const target = items[at + step];
    if (target !== undefined) onCurrent(target.id);
  };
  // What comes next is looked at as soon as this one is decided.
  const leave = () => {
    const next = items[at + 1] ?? items[at - 1];
    if (next !== undefined) onCurrent(next.id);
  };
  return (
    <section className={css.review} aria-label={words.queue}>
      <Looked
        key={item.id}
        projectId={projectId}
        item={item}
        open={open}
        onStep={go}
        onLeave={leave}
        onBack={onCurrent}
      />
      <Strip items={items} at={at} projectId={projectId} onCurrent={onCurrent} />
    </section>
  );
}

interface LookedProps {
  projectId: string;
  item: Suspicion;
  open: boolean;
  onStep: (step: number) => void;
  onLeave: () => void;
  /** A decision was taken back: the suspicion is here again. */
  onBack: (id: string) => void;
}

function Looked(props: LookedProps) {
  const { item } = props;
  const [whole, setWhole] = useState(false);
  return (
    <>
      <div className={css.stage}>
        <Crop item={item} whole={whole} ratio={4 / 3} />
      </div>
      <Side {...props} whole={whole} onWhole={() => setWhole((now) => !now)} />
    </>
  );
}

interface SideProps extends LookedProps {
  whole: boolean;
  onWhole: () => void;
}

function Side({ projectId, item, open, whole, onWhole, onStep, onLeave, onBack }: SideProps) {
  const may = useMay(projectId)("annotate");
  const navigate = useNavigate();
  const { decide, undo, canUndo } = useDeciding(projectId, onBack);
  const nameOf = useNames(projectId);
  const say = (decision: "accept" | "dismiss" | "reopen") => {
    if (!may || (decision === "accept" && !item.fixable)) return;
    if ((decision === "reopen") === open) return;
    decide(item, decision);
    onLeave();
  };
  const edit = () =>
    void navigate({
      to: "/projects/$projectId/annotate/$imageId",
      params: { projectId, imageId: item.image.id },
      search: spotOf(item),
    });
  useReviewKeys({ A: () => say("accept"), D: () => say("dismiss"), E: edit, F: onWhole, "mod+Z": undo });
  useHotkeys([
    ["ArrowLeft", () => onStep(-1)],
    ["ArrowRight", () => onStep(1)],
  ]);
  return (
    <aside className={css.side}>
      <Paper p="sm">
        <Group gap="xs" mb={6}>
          <Badge color="orange" variant="light">
            {words.kinds[item.kind]}
          </Badge>
          <Badge color="gray" variant="light">
            {common.split[item.image.split]}
          </Badge>
          {item.seen === true && (
            <Badge color="gray" variant="outline">
              {words.learned}
            </Badge>
          )}
        </Group>
        <Text aria-live="polite">{saying(item, nameOf)}</Text>
        <Text size="sm" c="dimmed" truncate title={item.image.name}>
          {item.image.name}
        </Text>
        <Text size="sm" c="dimmed" className="number" title={words.scoreHint}>
          {words.score} {item.score.toFixed(2)}
          {item.kind !== "spurious" && ` · ${words.confidence} ${item.confidence.toFixed(2)}`}
        </Text>
        <Legend item={item} />
        <Checkbox mt="xs" label={words.larger} title={words.largerKey} checked={whole} onChange={onWhole} />
      </Paper>
      {open ? (
        <Group gap="xs" grow>
          <Button
            leftSection={<IconCheck size={16} aria-hidden />}
            title={item.fixable ? words.acceptKey : words.coarse}
            disabled={!may || !item.fixable}
            onClick={() => say("accept")}
          >
            {words.accept[item.kind]}
          </Button>
          <Button
            variant="default"
            leftSection={<IconX size={16} aria-hidden />}
            title={words.dismissKey}
            disabled={!may}
            onClick={() => say("dismiss")}
          >
            {words.dismiss}
          </Button>
        </Group>
      ) : (
        <Button
          variant="default"
          leftSection={<IconArrowBackUp size={16} aria-hidden />}
          disabled={!may}
          onClick={() => say("reopen")}
        >
          {words.reopen}
        </Button>
      )}
      {!item.fixable && open && (
        <Text size="sm" c="dimmed">
          {words.coarse}
        </Text>
      )}
      <Group gap="xs" grow>
        <Button
          variant="default"
          leftSection={<IconPencil size={16} aria-hidden />}
          title={words.openKey}
          onClick={edit}
        >
          {words.open}
        </Button>
      </Group>
      <Group gap={4} justify="space-between">
        <Button size="sm" px={8} variant="subtle" title={words.backKey} leftSection={BACK} onClick={() => onStep(-1)}>
          {words.back}
        </Button>
        <Button size="sm" px={8} variant="subtle" title={words.nextKey} rightSection={NEXT} onClick={() => onStep(1)}>
          {words.next}
        </Button>
        <Button size="sm" px={8} variant="subtle" disabled={!canUndo} title={words.undoKey} onClick={undo}>
          {words.undo}
        </Button>
      </Group>
    </aside>
  );
}

function Legend({ item }: { item: Suspicion }) {
  const shown = { label: item.label !== null, found: item.suggestion !== null };
  return (
    <Group gap="md" mt={6}>
      {(["label", "found"] as const)
        .filter((look) => shown[look])
        .map((look) => (
          <Group key={look} gap={6}>
            <span
              aria-hidden
              className={css.swatch}
              style={{ borderColor: LOOKS[look].stroke, borderStyle: LOOKS[look].dash ? "dashed" : "solid" }}
            />
            <Text size="xs">{words.legend[look]}</Text>
          </Group>
        ))}
    </Group>
  );
}

interface StripProps {
  projectId: string;
  items: readonly Suspicion[];
  at: number;
  onCurrent: (id: string) => void;
}

const BEFORE = 4;
const SHOWN = 40;

function Strip({ projectId, items, at, onCurrent }: StripProps) {
  const nameOf = useNames(projectId);
  const here = useRef<HTMLButtonElement>(null);
  const from = Math.max(0, at - BEFORE);
  const shown = items.slice(from, from + SHOWN);
  const current = items[at]?.id;
  useEffect(() => {
    // Along the strip alone: the page stays where it is.
    const strip = here.current?.closest("ol");
    if (here.current !== null && strip instanceof HTMLElement)
      strip.scrollLeft = here.current.offsetLeft - strip.clientWidth / 3;
  }, [current]);
  return (
    <ol className={css.strip} start={from + 1}>
      {shown.map((item) => (
        <li key={item.id}>
          <button
            ref={item.id === current ? here : undefined}
            type="button"
            className={css.item}
            aria-current={item.id === current}
            onClick={() => onCurrent(item.id)}
          >
            <Crop item={item} small ratio={4 / 3} />
            <span className={css.caption}>
              <span>{words.kinds[item.kind]}</span>
              <span className="number">{item.score.toFixed(2)}</span>
            </span>
            <VisuallyHidden>{words.item(nameOf(item.class_id), item.image.name)}</VisuallyHidden>
          </button>
        </li>
      ))}
    </ol>
  );
}

function useNames(projectId: string): (classId: string | null) => string {
  const classes = useQuery(classesQuery(projectId)).data;
  const names = new Map(classes?.map(({ id, name }) => [id, name]));
  return (classId) => names.get(classId ?? "") ?? "…";
}

function saying(item: Suspicion, nameOf: (classId: string | null) => string): string {
  const name = nameOf(item.class_id);
  if (item.kind === "class") return words.says.class(name, nameOf(item.other_id));
  if (item.kind === "box") return words.says.box(name, percent(item.iou, 0));
  return words.says[item.kind](name);
}

/** Where in the editor it is: the place to look at, and the annotation to select. */
function spotOf(item: Suspicion): { at: string; object?: string } {
  const boxes = boxesOf(item);
  const edges = [0, 1, 2, 3].map((side) => {
    const values = boxes.map((box) => box[side] ?? 0);
    return Math.round(side < 2 ? Math.min(...values) : Math.max(...values));
  });
  return { at: edges.join(","), ...(item.label === null ? {} : { object: item.label.id }) };
}
