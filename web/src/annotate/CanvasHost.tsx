/** Puts the canvas into the page and gives it what it shows. */
import { useEffect, useRef, useState } from "react";

import { View } from "../canvas";
import type { Document, Editor, Pixels, Styles, TileSource } from "../canvas";
import { annotate as text } from "../strings/annotate";
import css from "./annotate.module.css";
import { useWaiting } from "./drawing/waiting";
import { CANVAS_ATTRIBUTE, focusCanvas } from "./useShortcuts";

interface Props {
  readonly editor: Editor;
  readonly document: Document | null;
  readonly pixels: Pixels | undefined;
  readonly tiles: TileSource | null;
  readonly styles: Styles;
  /** Whether the person may look but not draw: a viewer, or an older state. */
  readonly readOnly: boolean;
}

export function CanvasHost({ editor, document, readOnly, pixels, tiles, styles }: Props) {
  const host = useRef<HTMLDivElement>(null);
  const [view, setView] = useState<View | null>(null);

  useEffect(() => {
    if (!host.current) return undefined;
    const made = new View(host.current, editor);
    setView(made);
    return () => made.destroy();
  }, [editor]);

  useEffect(() => view?.setStyles(styles), [view, styles]);
  useEffect(() => {
    view?.setPixels(pixels ?? null, document?.picture ?? { width: 1, height: 1 }, tiles);
  }, [view, pixels, tiles, document]);
  useEffect(() => editor.open(document, { readOnly }), [editor, document, readOnly]);
  useWaiting(editor);
  // Keys work at once; the ring is for those who come here with Tab.
  useEffect(focusCanvas, []);

  return (
    <div
      ref={host}
      className={css.canvas}
      tabIndex={0}
      role="application"
      aria-label={text.canvas}
      {...{ [CANVAS_ATTRIBUTE]: true }}
    />
  );
}
