/** The whole picture in a corner, with a frame about what is in view: shown while some of it is out of view. */
import { useEffect, useRef, useState } from "react";
import type { KeyboardEvent, PointerEvent } from "react";

import { frameOf, isPartial, shrinkTo, stepTo } from "../../canvas";
import type { Editor, Pixels } from "../../canvas";
import { look as text } from "../../strings/look";
import { useEditor } from "../useEditor";
import css from "./navigator.module.css";

/** CSS pixels of the longer side. */
const MOST = 160;
/** The part of the view by which an arrow key moves it. */
const STEP = 0.2;
const ARROWS: Readonly<Record<string, readonly [number, number]>> = {
  ArrowLeft: [STEP, 0],
  ArrowRight: [-STEP, 0],
  ArrowUp: [0, STEP],
  ArrowDown: [0, -STEP],
};

interface Props {
  readonly editor: Editor;
  readonly pixels: Pixels | undefined;
}

export function Navigator({ editor, pixels }: Props) {
  const wanted = useEditor(editor, ({ looks }) => looks.navigator);
  const open = useEditor(editor, ({ documentId }) => documentId !== null);
  const [partial, setPartial] = useState(false);
  useEffect(
    () => editor.on("camera", (camera) => setPartial(isPartial(camera, editor.view, editor.picture))),
    [editor],
  );
  return wanted && open && partial && pixels ? <Copy editor={editor} pixels={pixels} /> : null;
}

function Copy({ editor, pixels }: { readonly editor: Editor; readonly pixels: Pixels }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const frame = useRef<HTMLDivElement>(null);
  const { picture } = editor;
  const shrink = shrinkTo(MOST, picture);
  const [width, height] = [Math.round(picture.width * shrink), Math.round(picture.height * shrink)];
  useEffect(() => {
    canvas.current?.getContext("2d")?.drawImage(pixels, 0, 0, width, height);
  }, [pixels, width, height]);
  // The frame follows every move: it is moved without drawing React again.
  useEffect(() => {
    const follow = (): void => {
      const [x0, y0, x1, y1] = frameOf(editor.camera, editor.view, picture, shrink);
      frame.current?.style.setProperty("transform", `translate(${x0}px,${y0}px)`);
      frame.current?.style.setProperty("width", `${Math.max(x1 - x0, 2)}px`);
      frame.current?.style.setProperty("height", `${Math.max(y1 - y0, 2)}px`);
    };
    follow();
    return editor.on("camera", follow);
  }, [editor, picture, shrink]);

  const look = (event: PointerEvent<HTMLDivElement>): void => {
    const { left, top } = event.currentTarget.getBoundingClientRect();
    editor.pan(...stepTo(editor.camera, editor.view, [event.clientX - left, event.clientY - top], shrink));
  };
  const press = (event: KeyboardEvent): void => {
    const arrow = ARROWS[event.key];
    if (!arrow) return;
    event.preventDefault();
    editor.pan(arrow[0] * editor.view.width, arrow[1] * editor.view.height);
  };
  return (
    <div
      className={css.navigator}
      role="group"
      aria-label={text.navigatorHint}
      title={text.navigatorHint}
      tabIndex={0}
      style={{ width, height }}
      onKeyDown={press}
      onPointerDown={(event) => {
        event.currentTarget.setPointerCapture(event.pointerId);
        look(event);
      }}
      onPointerMove={(event) => event.currentTarget.hasPointerCapture(event.pointerId) && look(event)}
    >
      <canvas ref={canvas} width={width} height={height} />
      <div ref={frame} className={css.frame} />
    </div>
  );
}
