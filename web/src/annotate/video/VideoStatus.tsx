/** The line below a video: what the tool does, where the pointer is, and what is selected. */
import { useEffect, useRef } from "react";

import type { Editor } from "../../canvas";
import { annotate as text } from "../../strings/annotate";
import css from "../annotate.module.css";
import { measured } from "../StatusBar";
import { useAnnotations, useEditor } from "../useEditor";

export function VideoStatus({ editor, name }: { readonly editor: Editor; readonly name: string }) {
  const hint = useEditor(editor, ({ tool, boxWay, vertex, readOnly }) => {
    if (vertex) return text.vertexHint;
    if (readOnly) return text.hints.pan;
    return text.hints[tool === "box" && boxWay === "extremes" ? "extremes" : tool];
  });
  const zoom = useEditor(editor, (state) => Math.round(state.zoom * 100));
  const selected = useEditor(editor, (state) => state.selected);
  const annotations = useAnnotations(editor);
  const chosen = measured(annotations.filter(({ id }) => selected.has(id)));
  const coordinates = useRef<HTMLSpanElement>(null);
  useEffect(
    () =>
      editor.on("pointer", (point) => {
        if (!coordinates.current) return;
        coordinates.current.textContent = point ? `${point[0].toFixed(1)}, ${point[1].toFixed(1)}` : "";
      }),
    [editor],
  );
  return (
    <div className={css.status}>
      <span className={`${css.name ?? ""} ${css.narrow ?? ""}`}>{name}</span>
      <span className={css.hint}>{hint}</span>
      <span className={css.coordinates} ref={coordinates} title={text.status.coordinates} />
      <span className={`${css.figures ?? ""} ${css.wide ?? ""}`}>
        {text.status.size(editor.picture.width, editor.picture.height)}
      </span>
      {chosen && <span className={css.figures}>{chosen}</span>}
      <span className={css.figures}>{text.status.objects(annotations.length)}</span>
      <span className={css.figures} title={text.status.zoom}>
        {zoom} %
      </span>
    </div>
  );
}
