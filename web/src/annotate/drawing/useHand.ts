/** How a person likes to draw is remembered in the browser. */
import { useEffect } from "react";

import type { Editor, EditorState } from "../../canvas";

const KEY = "boxwright.editor.hand";

/** What is kept, as text: nobody but this file reads it. */
const handOf = ({ boxWay, brush }: EditorState): string => JSON.stringify({ boxWay, brush });

function recall(editor: Editor): void {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(KEY) ?? "null");
    if (typeof kept !== "object" || kept === null) return;
    if ("boxWay" in kept && kept.boxWay === "extremes") editor.setBoxWay("extremes");
    if ("brush" in kept && typeof kept.brush === "number" && Number.isFinite(kept.brush)) editor.setBrush(kept.brush);
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
