/** Figures that change with every move of the hand: written straight into the page, without drawing React again. */
import { useDeferredValue, useEffect, useMemo, useRef } from "react";

import type { ImageState } from "../api/types";
import { areaOf, boundsOf, isProposal, union } from "../canvas";
import type { Annotation, Editor } from "../canvas";
import { annotate as text } from "../strings/annotate";
import { common } from "../strings/common";
import { review } from "../strings/review";
import css from "./annotate.module.css";
import { useAnnotations, useEditor } from "./useEditor";

interface Props {
  readonly editor: Editor;
  /** The image's name, shown here where the top bar has no room for it. */
  readonly name: string;
  /** How far its labels are; a frame of a video has no such state. */
  readonly state?: ImageState;
}

/** Width, height and area of what is selected, in pixels; of several the frame about all and the sum. */
function measured(chosen: readonly Annotation[]): string {
  if (chosen.length === 0) return "";
  const [x0, y0, x1, y1] = chosen.map(({ geometry }) => boundsOf(geometry)).reduce(union);
  const area = chosen.reduce((sum, { geometry }) => sum + areaOf(geometry), 0);
  return text.status.selected(x1 - x0, y1 - y0, area);
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
  const proposals = useMemo(() => annotations.filter(isProposal).length, [annotations]);
  // Thousands are measured after the page has shown that they are selected.
  const selected = useDeferredValue(useEditor(editor, (state) => state.selected));
  const chosen = useMemo(() => measured(annotations.filter(({ id }) => selected.has(id))), [annotations, selected]);
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
    <div className={css.status} data-chosen={chosen !== ""}>
      <span className={`${css.name ?? ""} ${css.narrow ?? ""}`}>{name}</span>
      <span className={css.hint} title={hint}>
        {hint}
      </span>
      <span className={css.coordinates} ref={coordinates} title={text.status.coordinates} />
      {open && (
        <>
          <span className={`${css.figures ?? ""} ${css.wide ?? ""}`}>
            {text.status.size(editor.picture.width, editor.picture.height)}
          </span>
          {chosen && <span className={css.figures}>{chosen}</span>}
          <span className={`${css.figures ?? ""} ${css.count ?? ""}`}>
            {text.status.objects(annotations.length - proposals)}
          </span>
          {proposals > 0 && <span className={css.figures}>{review.count(proposals)}</span>}
          {state !== undefined && (
            <span className={css.state} data-state={state} title={common.state.label}>
              {common.state[state]}
            </span>
          )}
          <span className={css.figures} title={text.status.zoom}>
            {zoom} %
          </span>
        </>
      )}
    </div>
  );
}
