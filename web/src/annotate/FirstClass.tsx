/** Asks what the first box shows, right beside it; the box waits until there is an answer. */
import { Button, Group, Paper, Text, TextInput } from "@mantine/core";
import { useEffect, useState } from "react";

import { boundsOf, toScreen } from "../canvas";
import type { Editor, Geometry } from "../canvas";
import { annotate as text } from "../strings/annotate";
import { common } from "../strings/common";
import css from "./annotate.module.css";
import type { Classes } from "./useClasses";

const SIZE = { width: 280, height: 170 };

/** Below the box if there is room, and never outside the view. */
function placeOf(editor: Editor, geometry: Geometry): { left: number; top: number } {
  const [x0, , , y1] = boundsOf(geometry);
  const [left, top] = toScreen(editor.camera, [x0, y1]);
  const within = (value: number, room: number): number => Math.max(8, Math.min(value, room - 8));
  return {
    left: within(left, editor.view.width - SIZE.width),
    top: within(top + 12, editor.view.height - SIZE.height),
  };
}

export function FirstClass({ editor, classes }: { readonly editor: Editor; readonly classes: Classes }) {
  const [drawn, setDrawn] = useState<readonly Geometry[]>([]);
  const [name, setName] = useState("");
  const [busy, setBusy] = useState(false);

  const { isLoading } = classes;

  useEffect(() => {
    const stops = [
      editor.on("open", () => setDrawn([])),
      editor.on("unclassed", (geometry) => {
        setDrawn((before) => (isLoading ? [...before, geometry] : [geometry]));
        setName("");
      }),
    ];
    return () => {
      for (const stop of stops) stop();
    };
  }, [editor, isLoading]);
  // What was drawn before the classes were here takes the chosen one, without a question.
  useEffect(() => {
    if (drawn.length === 0) return undefined;
    editor.preview(drawn.map((geometry) => ({ id: null, classId: null, geometry })));
    const take = (): void => {
      const { classId } = editor.state;
      if (classId === null) return;
      stop();
      setDrawn([]);
      editor.preview([]);
      for (const geometry of drawn) editor.add(geometry, classId);
    };
    const stop = editor.on("state", take);
    queueMicrotask(take);
    return stop;
  }, [editor, drawn]);
  const geometry = drawn.at(-1);
  if (!geometry || isLoading) return null;

  const close = (): void => {
    setDrawn([]);
    editor.preview([]);
  };
  const answer = async (): Promise<void> => {
    if (!classes.canAdd) return;
    setBusy(true);
    try {
      const classId = await classes.add(name.trim());
      editor.setClass(classId);
    } catch {
      // The mutation has told it already; the question stays.
    } finally {
      setBusy(false);
    }
  };
  return (
    <Paper
      className={css.ask}
      shadow="md"
      style={placeOf(editor, geometry)}
      role="dialog"
      aria-label={text.classes.ask}
    >
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (name.trim() !== "") void answer();
        }}
        onKeyDown={(event) => {
          if (event.key === "Escape") close();
        }}
      >
        <Text fw={600}>{text.classes.ask}</Text>
        <Text size="sm" c="dimmed" mb="sm">
          {classes.canAdd ? text.classes.askHint : text.classes.noneForOthers}
        </Text>
        <TextInput
          data-autofocus
          disabled={!classes.canAdd}
          autoFocus
          aria-label={text.classes.askLabel}
          value={name}
          maxLength={200}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <Group justify="flex-end" gap="sm" mt="sm">
          <Button variant="default" onClick={close}>
            {common.cancel}
          </Button>
          <Button type="submit" loading={busy} disabled={name.trim() === "" || !classes.canAdd}>
            {text.classes.addButton}
          </Button>
        </Group>
      </form>
    </Paper>
  );
}
