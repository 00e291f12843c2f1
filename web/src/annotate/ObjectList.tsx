/** The objects of the picture as a list: the same things as on the canvas, for the keyboard and for screen readers. */
import { Button, NativeSelect } from "@mantine/core";
import {
  IconCheck,
  IconEye,
  IconEyeOff,
  IconHistory,
  IconLock,
  IconLockOpen,
  IconSparkles,
  IconTrash,
  IconX,
} from "@tabler/icons-react";
import { useVirtualizer } from "@tanstack/react-virtual";
import { memo, useEffect, useMemo, useRef, useState } from "react";
import type { ReactNode } from "react";

import { byPlace, isProposal, passes } from "../canvas";
import type { Annotation, Editor, Filter } from "../canvas";
import { count } from "../lib/format";
import { annotate as text } from "../strings/annotate";
import { arrange } from "../strings/arrange";
import { review } from "../strings/review";
import css from "./annotate.module.css";
import { InSight } from "./arrange/InSight";
import { EmptyToggle } from "./EmptyToggle";
import { IconKey } from "./IconKey";
import { parted } from "./review/proposals";
import type { Classes } from "./useClasses";
import { useAnnotations, useEditor } from "./useEditor";
import type { Looked } from "./useImageState";
import { focusCanvas } from "./useShortcuts";

const { objects: words } = text;

interface Props {
  readonly editor: Editor;
  readonly classes: Classes;
  /** Whether the image has objects at all; missing for a frame of a video. */
  readonly looked?: Looked;
  readonly isLoading: boolean;
  /** Whether the image could not be opened, so that nothing is known about its objects. */
  readonly failed: boolean;
  readonly onHistory?: () => void;
  /** What more can be done with objects. */
  readonly menu: ReactNode;
}

export function ObjectList({ editor, classes, looked, isLoading, failed, onHistory, menu }: Props) {
  const all = useAnnotations(editor);
  const least = useEditor(editor, (state) => state.leastScore);
  const filter = useEditor(editor, (state) => state.filter);
  // Not with each selection: where there are thousands the list is long to make.
  const { objects, everything, shown } = useMemo(() => listed(all, least, filter), [all, least, filter]);
  const selected = useEditor(editor, (state) => state.selected);
  const readOnly = useEditor(editor, (state) => state.readOnly);
  return (
    <section className={css.section} aria-label={words.title} aria-busy={isLoading}>
      <div className={css.heading}>
        <h2>
          {words.title} <span className={css.aside}>{objects.length}</span>
        </h2>
        {selected.size > 1 && !readOnly && (
          <Button
            size="compact-xs"
            variant="subtle"
            color="red"
            aria-label={words.removeMany(count(selected.size))}
            title={words.removeMany(count(selected.size))}
            onClick={() => editor.remove(selected)}
          >
            {words.removeSome(count(selected.size))}
          </Button>
        )}
        {menu}
        {onHistory && (
          <span className={css.onlyNarrow}>
            <IconKey small icon={IconHistory} action="history" onClick={onHistory} />
          </span>
        )}
      </div>
      <InSight editor={editor} passing={shown.length} all={everything.length} />
      {looked && objects.length === 0 && !isLoading && !failed && <EmptyToggle editor={editor} looked={looked} />}
      {shown.length === 0 ? (
        <p className={css.empty} hidden={failed || everything.length > 0}>
          {isLoading ? words.loading : looked?.state === "empty" ? review.empty.set : words.none}
        </p>
      ) : (
        <Rows editor={editor} classes={classes} annotations={shown} />
      )}
    </section>
  );
}

/** What the list holds: those that count, then the proposals that are sure enough; of all these what is looked for. */
function listed(all: readonly Annotation[], least: number, filter: Filter) {
  const objects = all.filter((one) => !isProposal(one));
  // Proposals below the least score are out of sight here too.
  const everything = [...objects, ...parted(all.filter(isProposal), least).sure.toSorted(byPlace)];
  return { objects, everything, shown: everything.filter((one) => passes(one, filter)) };
}

interface RowsProps {
  readonly editor: Editor;
  readonly classes: Classes;
  readonly annotations: readonly Annotation[];
}

function Rows({ editor, classes, annotations }: RowsProps) {
  const scroller = useRef<HTMLDivElement>(null);
  const selected = useEditor(editor, (state) => state.selected);
  const hovered = useEditor(editor, (state) => state.hovered);
  const hidden = useEditor(editor, (state) => state.hidden);
  const locked = useEditor(editor, (state) => state.locked);
  const narrow = window.matchMedia("(max-width: 61.99em)").matches;
  const touch = window.matchMedia("(hover: none)").matches;
  // Rows are all of one height, so it need not know which object is in which: it would look at all of them anew.
  // The compiler leaves this component alone, which is what the virtualiser needs.
  // eslint-disable-next-line react-hooks/incompatible-library
  const rows = useVirtualizer({
    count: annotations.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => (narrow ? 44 : 32),
    overscan: 6,
  });
  const [only, more] = selected;
  const index = more === undefined ? annotations.findIndex(({ id }) => id === only) : -1;
  useEffect(() => {
    if (index >= 0) rows.scrollToIndex(index);
  }, [index, rows]);

  return (
    <div ref={scroller} className={css.list}>
      <ul style={{ position: "relative", height: rows.getTotalSize(), margin: 0, padding: 0, listStyle: "none" }}>
        {rows.getVirtualItems().map((item) => {
          const annotation = annotations[item.index];
          if (!annotation) return null;
          return (
            <li
              key={annotation.id}
              style={{ position: "absolute", inset: "0 0 auto", transform: `translateY(${item.start}px)` }}
              aria-posinset={item.index + 1}
              aria-setsize={annotations.length}
            >
              <Row
                editor={editor}
                classes={classes}
                annotation={annotation}
                number={item.index + 1}
                active={selected.has(annotation.id)}
                alone={selected.size === 1}
                hovered={annotation.id === hovered}
                hidden={hidden.has(annotation.id)}
                locked={locked.has(annotation.id)}
                touch={touch}
              />
            </li>
          );
        })}
      </ul>
    </div>
  );
}

interface RowProps {
  readonly editor: Editor;
  readonly classes: Classes;
  readonly annotation: Annotation;
  readonly number: number;
  readonly active: boolean;
  /** Whether nothing else is selected. */
  readonly alone: boolean;
  readonly hovered: boolean;
  readonly hidden: boolean;
  readonly locked: boolean;
  readonly touch: boolean;
}

/** A list that scrolls has most of its rows already. What can be done with an object is drawn once somebody comes near. */
const Row = memo(function Row({ editor, classes, annotation, number, touch, ...look }: RowProps) {
  const { active, alone, hovered, hidden, locked } = look;
  const [met, setMet] = useState(touch);
  const { id, class_id: classId } = annotation;
  const proposed = isProposal(annotation);
  const readOnly = useEditor(editor, (state) => state.readOnly);
  const style = classes.styles.get(classId);
  const name = style?.name ?? words.unknownClass;
  const spoken = locked ? arrange.locked(name) : name;
  const more = aside(annotation);
  const held = active && alone;
  return (
    <div
      className={css.row}
      data-active={active}
      data-alone={held}
      data-hovered={hovered}
      data-dimmed={hidden}
      data-locked={locked}
      onFocus={() => setMet(true)}
      onPointerEnter={() => {
        setMet(true);
        editor.hover(id);
      }}
      onPointerLeave={() => editor.hover(null)}
    >
      {held && !readOnly && !locked ? (
        <span className={css.pick}>
          <Swatch color={style?.color} proposed={proposed} />
          <NativeSelect
            size="xs"
            style={{ flex: 1, minWidth: 0 }}
            aria-label={words.relabel}
            value={classId}
            data={options(classes, classId)}
            onChange={(event) => {
              editor.relabel([id], event.currentTarget.value);
              focusCanvas();
            }}
          />
        </span>
      ) : (
        <button
          type="button"
          className={css.pick}
          aria-label={[proposed ? review.select(spoken, number) : words.select(spoken, number), more].join(" ").trim()}
          onFocus={() => editor.hover(id)}
          onBlur={() => editor.hover(null)}
          onClick={(event) => choose(editor, id, event.shiftKey || event.ctrlKey || event.metaKey)}
        >
          <Swatch color={style?.color} proposed={proposed} />
          <span className={css.label}>{name}</span> <span className={css.aside}>{more}</span>
        </button>
      )}
      {(met || held || hidden || locked) && <Tools {...{ editor, id, number, proposed, hidden, locked, readOnly }} />}
    </div>
  );
});

function choose(editor: Editor, id: string, add: boolean): void {
  if (editor.state.tool !== "select") editor.setTool("select");
  editor.select(add ? [...editor.selected, id] : [id]);
}

interface ToolsProps extends Pick<RowProps, "editor" | "number" | "hidden" | "locked"> {
  readonly id: string;
  readonly proposed: boolean;
  readonly readOnly: boolean;
}

/** What can be done with one object. */
function Tools({ editor, id, number, proposed, hidden, locked, readOnly }: ToolsProps) {
  return (
    <span className={css.tools}>
      {proposed && !readOnly && !locked ? (
        <Decide editor={editor} id={id} number={number} />
      ) : (
        <IconKey
          small
          plain
          icon={hidden ? IconEyeOff : IconEye}
          label={hidden ? words.show(number) : words.hide(number)}
          onClick={() => editor.toggleHidden([id])}
        />
      )}
      {!readOnly && (!proposed || locked) && (
        <IconKey
          small
          plain
          icon={locked ? IconLock : IconLockOpen}
          label={locked ? arrange.unlock(number) : arrange.lock(number)}
          onClick={() => editor.toggleLocked([id])}
        />
      )}
      {!proposed && !readOnly && !locked && (
        <IconKey small plain icon={IconTrash} label={words.remove(number)} onClick={() => editor.remove([id])} />
      )}
    </span>
  );
}

interface DecideProps {
  readonly editor: Editor;
  readonly id: string;
  readonly number: number;
}

function Decide({ editor, id, number }: DecideProps) {
  return (
    <>
      <IconKey
        small
        plain
        icon={IconCheck}
        action="accept"
        label={review.accept(number)}
        onClick={() => editor.accept([id])}
      />
      <IconKey
        small
        plain
        icon={IconX}
        action="remove"
        label={review.reject(number)}
        onClick={() => editor.reject([id])}
      />
    </>
  );
}

/** The colour of the class; a proposal bears the sign of the model. */
function Swatch({ color, proposed }: { readonly color: string | undefined; readonly proposed: boolean }) {
  return proposed ? (
    <IconSparkles size={14} stroke={2} color={color ?? "currentColor"} style={{ flex: "none" }} aria-hidden />
  ) : (
    <span className={css.swatch} style={{ background: color }} aria-hidden />
  );
}

const options = (classes: Classes, classId: string) => [
  ...(classes.styles.has(classId) ? [] : [{ value: classId, label: words.unknownClass }]),
  ...classes.list.map(({ id, name }) => ({ value: id, label: name })),
];

/** What is worth knowing beside the class: score, proposal, geometry that is no box. */
function aside({ geometry, score, state }: Annotation): string {
  const kind = geometry.type === "box" ? "" : words.geometry[geometry.type];
  const proposal = state === "proposal" ? words.proposal : "";
  return [proposal, kind, score === null ? "" : score.toFixed(2)].filter(Boolean).join(" · ");
}
