/** How a person likes to draw is remembered in the browser. */
import { useEffect } from "react";

import type { Editor, EditorState } from "../../canvas";

const KEY = "boxwright.editor.hand";

/** What is kept, as text: nobody but this file reads it. */
const handOf = ({ boxWay, brush, snap, tolerance, wand }: EditorState): string =>
  JSON.stringify({ boxWay, brush, snap, tolerance, colours: wand.tolerance, wand: wand.shape });

const isNumber = (value: unknown): value is number => typeof value === "number" && Number.isFinite(value);

/** What was kept under each name, taken over where it makes sense. */
const TAKE: Readonly<Record<string, (editor: Editor, value: unknown) => void>> = {
  boxWay: (editor, value) => value === "extremes" && editor.setBoxWay(value),
  brush: (editor, value) => isNumber(value) && editor.setBrush(value),
  tolerance: (editor, value) => isNumber(value) && editor.setTolerance(value),
  colours: (editor, value) => isNumber(value) && editor.setColours(value),
  wand: (editor, value) => value === "polygon" && editor.setWand({ shape: value }),
  snap: (editor, value) => value === true && !editor.state.snap && editor.toggleSnap(),
};

function recall(editor: Editor): void {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(KEY) ?? "{}");
    for (const [name, value] of Object.entries(kept as object)) TAKE[name]?.(editor, value);
  } catch {
    // Something else was written there: the editor begins as it is.
  }
}

export function useHand(editor: Editor): void {
  useEffect(() => {
    recall(editor);
    let known = handOf(editor.state);
    return editor.on("state", (state) => {
      const hand = handOf(state);
      if (hand !== known) localStorage.setItem(KEY, hand);
      known = hand;
    });
  }, [editor]);
}
