/** What is half drawn and waits: its words, and that no picture and no tab is left with it without a word. */
import { useEffect } from "react";

import type { Editor, ToolKey } from "../../canvas";
import { notifyDone } from "../../components/notify";
import { annotate as text } from "../../strings/annotate";

const WORDS: Readonly<Partial<Record<ToolKey, string>>> = text.drawing.waits;

export const nameOfWaiting = (tool: ToolKey): string => WORDS[tool] ?? "";

/** Tells what stays half drawn on a picture that is left; the browser asks before it closes or reloads the page. */
export function useWaiting(editor: Editor): void {
  useEffect(() => {
    const stop = editor.on("left", (waiting) =>
      notifyDone(text.drawing.left(waiting.map(({ tool }) => nameOfWaiting(tool)).join(", "))),
    );
    const ask = (event: BeforeUnloadEvent): void => {
      if (editor.isHalfDrawn) event.preventDefault();
    };
    window.addEventListener("beforeunload", ask);
    return () => {
      window.removeEventListener("beforeunload", ask);
      // The page is left: what is in the hand waits in the document, which outlives it.
      editor.open(null);
      stop();
    };
  }, [editor]);
}
