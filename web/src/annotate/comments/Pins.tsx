/** Numbered pins over the picture, at any zoom; they are moved without drawing React again. */
import { Button, Group, Paper, Text, Textarea } from "@mantine/core";
import { useEffect, useRef, useState } from "react";

import { boundsOf, toImage, toScreen } from "../../canvas";
import type { Editor, Point } from "../../canvas";
import { common } from "../../strings/common";
import { comments as text } from "../../strings/comments";
import { CANVAS_ATTRIBUTE, focusCanvas } from "../useShortcuts";
import css from "./comments.module.css";
import type { Commenting, Numbered } from "./useComments";

interface Props {
  readonly editor: Editor;
  readonly commenting: Commenting;
  readonly onPick: (id: string) => void;
}

export function Pins({ editor, commenting, onPick }: Props) {
  const { shown, active, nameOf } = commenting;
  return (
    <div className={css.pins} onWheel={({ nativeEvent }) => passOn(nativeEvent)}>
      {shown.map((one) => (
        <Pin
          key={one.id}
          editor={editor}
          one={one}
          active={one.id === active}
          label={text.pin(one.number, nameOf(one), one.text)}
          onPick={onPick}
        />
      ))}
      {commenting.placing && <Placing editor={editor} commenting={commenting} />}
      {commenting.draft && <DraftBox key={commenting.draft.at.join()} editor={editor} commenting={commenting} />}
    </div>
  );
}

/** The wheel zooms the picture, also where the pointer is on a pin. */
function passOn(event: WheelEvent): void {
  if (event.target instanceof Element && event.target.closest("textarea")) return;
  document.querySelector(`[${CANVAS_ATTRIBUTE}]`)?.dispatchEvent(new WheelEvent("wheel", event));
}

/** On the object that it speaks of while that is there, else on its spot; nothing where it is about the whole. */
function spotOf(editor: Editor, { annotation_id, x, y }: Numbered): Point | null {
  const target = typeof annotation_id === "string" ? editor.document?.store.get(annotation_id) : undefined;
  if (target !== undefined) {
    const [, y0, x1] = boundsOf(target.geometry);
    return [x1, y0];
  }
  return typeof x === "number" && typeof y === "number" ? [x, y] : null;
}

/** Keeps an element at a point of the picture. */
function useAt<T extends HTMLElement>(editor: Editor, spot: () => Point | null) {
  const ref = useRef<T>(null);
  const latest = useRef(spot);
  useEffect(() => {
    latest.current = spot;
    const put = (): void => {
      const at = latest.current();
      if (!ref.current) return;
      ref.current.hidden = at === null;
      if (at === null) return;
      const [left, top] = toScreen(editor.camera, at);
      ref.current.style.transform = `translate(${left.toFixed(1)}px, ${top.toFixed(1)}px)`;
    };
    put();
    const stops = [editor.on("camera", put), editor.on("change", put), editor.on("open", put)];
    return () => {
      for (const stop of stops) stop();
    };
  });
  return ref;
}

interface PinProps extends Pick<Props, "editor" | "onPick"> {
  readonly one: Numbered;
  readonly active: boolean;
  readonly label: string;
}

function Pin({ editor, one, active, label, onPick }: PinProps) {
  const ref = useAt<HTMLButtonElement>(editor, () => spotOf(editor, one));
  return (
    <button
      ref={ref}
      type="button"
      className={css.pin}
      data-active={active}
      data-resolved={typeof one.resolved_at === "string"}
      aria-label={label}
      title={label}
      onClick={() => onPick(one.id)}
    >
      {one.number}
    </button>
  );
}

/** Waits for a click on the picture. */
function Placing({ editor, commenting }: Pick<Props, "editor" | "commenting">) {
  const { place, pinAt } = commenting;
  const ref = useRef<HTMLDivElement>(null);
  useEffect(() => ref.current?.focus({ preventScroll: true }), []);
  return (
    <div
      ref={ref}
      className={css.placing}
      role="dialog"
      aria-label={text.place}
      tabIndex={-1}
      onKeyDown={(event) => {
        if (event.key !== "Escape") return;
        place(false);
        focusCanvas();
      }}
      onPointerUp={(event) => {
        const area = event.currentTarget.getBoundingClientRect();
        pinAt(toImage(editor.camera, [event.clientX - area.left, event.clientY - area.top]));
      }}
    >
      <span className={css.say}>{text.place}</span>
    </div>
  );
}

const BOX = { width: 280, height: 150 };

/** Beside its spot, and never outside of the view. */
function placeOf(editor: Editor, at: Point): { left: number; top: number } {
  const [left, top] = toScreen(editor.camera, at);
  const inside = (value: number, room: number): number => Math.max(8, Math.min(value, room - 8));
  return {
    left: inside(left + 16, editor.view.width - BOX.width),
    top: inside(top, editor.view.height - BOX.height),
  };
}

function DraftBox({ editor, commenting }: Pick<Props, "editor" | "commenting">) {
  const { draft, say, saying, giveUp } = commenting;
  const [said, setSaid] = useState("");
  const spot = useAt<HTMLSpanElement>(editor, () => draft?.at ?? null);
  if (draft === null) return null;
  const title = draft.annotationId === null ? text.spot : text.object;
  const send = (): void => {
    if (said.trim() === "") return;
    say(said.trim());
    focusCanvas();
  };
  const leave = (): void => {
    giveUp();
    focusCanvas();
  };
  return (
    <>
      <span ref={spot} className={css.pin} data-draft aria-hidden />
      <Paper
        className={css.draft}
        shadow="md"
        p="sm"
        style={placeOf(editor, draft.at)}
        role="dialog"
        aria-label={title}
      >
        <Text size="sm" fw={600} mb={4}>
          {title}
        </Text>
        <Textarea
          autoFocus
          autosize
          minRows={2}
          maxRows={6}
          maxLength={4000}
          aria-label={text.text}
          placeholder={text.example}
          value={said}
          onChange={(event) => setSaid(event.currentTarget.value)}
          onKeyDown={(event) => {
            if (event.key === "Escape") leave();
            else if (event.key === "Enter" && !event.shiftKey) send();
            else return;
            event.preventDefault();
            event.stopPropagation();
          }}
        />
        <Group gap={6} justify="flex-end" mt={6}>
          <Button size="compact-sm" variant="default" onClick={leave}>
            {common.cancel}
          </Button>
          <Button size="compact-sm" disabled={said.trim() === ""} loading={saying} onClick={send}>
            {text.add}
          </Button>
        </Group>
      </Paper>
    </>
  );
}
