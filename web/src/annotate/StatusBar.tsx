/** Figures that change with every move of the hand: written straight into the page, without drawing React again. */
import { useEffect, useRef } from "react";

import type { ImageState } from "../api/types";
import { isProposal } from "../canvas";
import type { Editor } from "../canvas";
import { annotate as text } from "../strings/annotate";
import { common } from "../strings/common";
import { review } from "../strings/review";
import css from "./annotate.module.css";
import { useAnnotations, useEditor } from "./useEditor";

interface Props {
  readonly editor: Editor;
  /** The image's name, shown here where the top bar has no room for it. */
  readonly name: string;
  readonly state: ImageState;
}

export function StatusBar({ editor, name, state }: Props) {
  const hint = useEditor(editor, ({ tool, boxWay, vertex, readOnly }) => {
    if (vertex) return text.vertexHint;
    if (readOnly) return text.hints.pan;
    return text.hints[tool === "box" && boxWay === "extremes" ? "extremes" : tool];
  });
  const zoom = useEditor(editor, (state) => Math.round(state.zoom * 100));
  const open = useEditor(editor, (state) => state.documentId !== null);
  const annotations = useAnnotations(editor);
  const proposals = annotations.filter(isProposal).length;
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
      {open && (
        <>
          <span className={`${css.figures ?? ""} ${css.wide ?? ""}`}>
            {text.status.size(editor.picture.width, editor.picture.height)}
          </span>
          <span className={css.figures}>{text.status.objects(annotations.length - proposals)}</span>
          {proposals > 0 && <span className={css.figures}>{review.count(proposals)}</span>}
          <span className={css.state} data-state={state} title={common.state.label}>
            {common.state[state]}
          </span>
          <span className={css.figures} title={text.status.zoom}>
            {zoom} %
          </span>
        </>
      )}
    </div>
  );
}
