/** Asks for the class right at the pointer: with a key, or after each shape that was drawn. */
import { Paper } from "@mantine/core";
import { useEffect, useRef, useState } from "react";

import type { Editor, Point } from "../../canvas";
import { notifyError } from "../../components/notify";
import { find as text } from "../../strings/find";
import type { Classes } from "../useClasses";
import { useEditor } from "../useEditor";
import { focusCanvas } from "../useShortcuts";
import { Finder } from "./Finder";
import type { Option } from "./Finder";
import css from "./find.module.css";
import { found } from "./match";
import { lastFirst, recentOf } from "./recent";

const SIZE = { width: 260, height: 404 };
const NEW = "new";

interface Props {
  readonly projectId: string;
  readonly editor: Editor;
  readonly classes: Classes;
  readonly opened: boolean;
  /** Whether to ask after each shape. */
  readonly asks: boolean;
  readonly onOpen: (opened: boolean) => void;
}

export function ClassPicker({ projectId, editor, classes, opened, asks, onOpen }: Props) {
  const pointer = useRef<Point | null>(null);
  const [drawn, setDrawn] = useState<string | null>(null);
  const readOnly = useEditor(editor, (state) => state.readOnly);
  useEffect(() => editor.on("screen", (at) => (pointer.current = at ?? pointer.current)), [editor]);
  useEffect(
    () =>
      editor.on("drawn", ({ id }) => {
        if (!asks) return;
        setDrawn(id);
        onOpen(true);
      }),
    [editor, asks, onOpen],
  );
  useEffect(() => editor.on("open", () => onOpen(false)), [editor, onOpen]);
  if (!opened || readOnly) return null;
  const close = (): void => {
    setDrawn(null);
    onOpen(false);
    focusCanvas();
  };
  const choose = (classId: string): void => {
    if (drawn !== null) editor.relabel([drawn], classId);
    classes.choose(classId);
    close();
  };
  return (
    <Place editor={editor} at={pointer} onLeave={close}>
      <Choice projectId={projectId} classes={classes} onChoose={choose} />
    </Place>
  );
}

interface PlaceProps {
  readonly editor: Editor;
  readonly at: React.RefObject<Point | null>;
  readonly onLeave: () => void;
  readonly children: React.ReactNode;
}

/** At the pointer, and never outside the view. */
function Place({ editor, at, onLeave, children }: PlaceProps) {
  const { width, height } = editor.view;
  const [place] = useState(() => {
    const [x, y] = at.current ?? [(width - SIZE.width) / 2, (height - SIZE.height) / 2];
    const within = (value: number, room: number): number => Math.max(8, Math.min(value, room - 8));
    return { left: within(x + 8, width - SIZE.width), top: within(y + 8, height - SIZE.height) };
  });
  return (
    <Paper
      className={css.picker}
      p={8}
      shadow="md"
      style={place}
      role="dialog"
      aria-label={text.picker}
      onKeyDown={(event) => {
        if (event.key === "Escape") onLeave();
      }}
      onBlur={(event) => {
        if (!event.currentTarget.contains(event.relatedTarget)) onLeave();
      }}
      onMouseDown={(event) => {
        // A click on a row must not take the focus from the field.
        if (!(event.target instanceof HTMLInputElement)) event.preventDefault();
      }}
    >
      {children}
    </Paper>
  );
}

interface ChoiceProps extends Pick<Props, "projectId" | "classes"> {
  readonly onChoose: (classId: string) => void;
}

function Choice({ projectId, classes, onChoose }: ChoiceProps) {
  const [wanted, setWanted] = useState("");
  const [recent] = useState(() => recentOf(projectId));
  const name = wanted.trim();
  const order = lastFirst(classes.list, recent, ({ id }) => id);
  const options = found(order, wanted, (one) => one.name).map(({ id, name: label, color }): Option => ({
    id,
    label,
    color,
  }));
  const isNew = classes.canAdd && name !== "" && !classes.list.some((one) => one.name === name);
  const all = isNew ? [...options, { id: NEW, label: text.add(name) }] : options;
  return (
    <Finder
      label={text.pick}
      options={all}
      wanted={wanted}
      onWanted={setWanted}
      nothing={text.noClass}
      digits
      onChoose={({ id }) => {
        if (id === NEW) classes.add(name).then(onChoose).catch(notifyError);
        else onChoose(id);
      }}
    />
  );
}
