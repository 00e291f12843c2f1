/** The classes: which one the next shape gets, a filter that also adds. */
import { Button, TextInput } from "@mantine/core";
import { IconMessageQuestion, IconPlus } from "@tabler/icons-react";
import { useVirtualizer } from "@tanstack/react-virtual";
import { useEffect, useRef, useState } from "react";

import type { LabelClass } from "../api/types";
import { notifyError } from "../components/notify";
import type { Editor } from "../canvas";
import { annotate as text } from "../strings/annotate";
import { find as words } from "../strings/find";
import css from "./annotate.module.css";
import { IconKey } from "./IconKey";
import { useKeymap } from "./keymap/remembered";
import { hotkeyShown } from "./useClasses";
import type { Classes } from "./useClasses";
import { useEditor } from "./useEditor";
import { focusCanvas } from "./useShortcuts";

interface Props {
  readonly editor: Editor;
  readonly classes: Classes;
  /** Whether the class is asked for after each shape. */
  readonly asks: boolean;
  readonly onAsks: (asks: boolean) => void;
}

export function ClassList({ editor, classes, asks, onAsks }: Props) {
  const [wanted, setWanted] = useState("");
  const current = useEditor(editor, ({ classId }) => classId);
  const name = wanted.trim();
  const filter = classes.canAdd ? text.classes.filter : text.classes.filterOnly;
  const found = classes.list.filter((one) => one.name.toLowerCase().includes(name.toLowerCase()));
  const isNew = classes.canAdd && name !== "" && !classes.list.some((one) => one.name === name);

  const add = async (): Promise<void> => {
    try {
      const id = await classes.add(name);
      setWanted((now) => (now === wanted ? "" : now));
      classes.choose(id);
    } catch {
      // The mutation has told it already; the text stays for another try.
    }
  };
  const enter = (): void => {
    if (name === "") return;
    const only = found.find((one) => one.name.toLowerCase() === name.toLowerCase()) ?? (isNew ? undefined : found[0]);
    if (only) {
      classes.choose(only.id);
      setWanted("");
      focusCanvas();
    } else {
      add().catch(notifyError);
    }
  };

  return (
    <section className={`${css.section ?? ""} ${css.classes ?? ""}`} aria-label={text.classes.title}>
      <div className={css.heading}>
        <h2>{text.classes.title}</h2>
        <IconKey small icon={IconMessageQuestion} label={words.ask} active={asks} onClick={() => onAsks(!asks)} />
      </div>
      <form
        style={{ display: "flex", gap: 4, padding: "0 8px 8px 12px" }}
        onSubmit={(event) => {
          event.preventDefault();
          enter();
        }}
        onKeyDown={(event) => {
          if (event.key === "Escape") focusCanvas();
        }}
      >
        <TextInput
          size="xs"
          style={{ flex: 1 }}
          aria-label={filter}
          placeholder={classes.canAdd && classes.list.length === 0 && !classes.isLoading ? text.classes.first : filter}
          value={wanted}
          maxLength={200}
          onChange={(event) => setWanted(event.currentTarget.value)}
        />
        {isNew && (
          <Button size="xs" px={8} type="submit" variant="light" aria-label={text.classes.add(name)}>
            <IconPlus size={16} stroke={1.5} />
          </Button>
        )}
      </form>
      {classes.list.length === 0 && !classes.isLoading && (
        <p className={css.empty}>{classes.canAdd ? text.classes.none : text.classes.noneForOthers}</p>
      )}
      <Rows found={found} current={current} classes={classes} />
    </section>
  );
}

interface RowsProps {
  readonly found: readonly LabelClass[];
  readonly current: string | null;
  readonly classes: Classes;
}

function Rows({ found, current, classes }: RowsProps) {
  const scroller = useRef<HTMLDivElement>(null);
  const narrow = window.matchMedia("(max-width: 61.99em)").matches;
  // eslint-disable-next-line react-hooks/incompatible-library -- nothing here is memoised on the virtualiser's functions
  const rows = useVirtualizer({
    count: found.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => (narrow ? 44 : 32),
    overscan: 6,
    getItemKey: (index) => found[index]?.id ?? index,
  });
  const index = found.findIndex(({ id }) => id === current);
  useEffect(() => {
    if (index >= 0) rows.scrollToIndex(index);
  }, [index, rows]);
  return (
    <div ref={scroller} className={css.list}>
      <ul style={{ position: "relative", height: rows.getTotalSize(), margin: 0, padding: 0, listStyle: "none" }}>
        {rows.getVirtualItems().map((item) => {
          const one = found[item.index];
          return one ? (
            <li
              key={item.key}
              style={{ position: "absolute", inset: "0 0 auto", transform: `translateY(${item.start}px)` }}
              aria-posinset={item.index + 1}
              aria-setsize={found.length}
            >
              <ClassRow
                one={one}
                hotkey={classes.hotkeys.get(one.id)}
                active={one.id === current}
                choose={classes.choose}
              />
            </li>
          ) : null;
        })}
      </ul>
    </div>
  );
}

interface RowProps extends Pick<Classes, "choose"> {
  readonly one: LabelClass;
  readonly hotkey: string | undefined;
  readonly active: boolean;
}

function ClassRow({ one, hotkey: own = "", active, choose }: RowProps) {
  const hotkey = hotkeyShown(own, useKeymap());
  return (
    <div className={css.row} data-active={active}>
      <button type="button" className={css.pick} aria-pressed={active} onClick={() => choose(one.id)}>
        <span className={css.swatch} style={{ background: one.color }} aria-hidden />
        <span className={css.label} title={one.name}>
          {one.name}
        </span>
        {hotkey !== "" && (
          <kbd className={css.key} title={text.classes.hotkey(hotkey)}>
            {hotkey}
          </kbd>
        )}
      </button>
    </div>
  );
}
