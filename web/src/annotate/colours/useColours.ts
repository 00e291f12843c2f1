/** Answers what wand and scissors ask about the colours of the picture. */
import { useEffect, useRef, useState } from "react";

import type { Editor, Pixels } from "../../canvas";
import { notifyError } from "../../components/notify";
import { shapes as text } from "../../strings/shapes";
import { useEditor } from "../useEditor";
import { Looker } from "./looker";

/** Milliseconds after which a person is told that an answer takes a while. */
const PATIENCE = 150;

/** Whether an answer takes long. */
export function useColours(editor: Editor, pixels: Pixels | undefined): boolean {
  const chosen = useEditor(editor, ({ tool, readOnly }) => !readOnly && (tool === "wand" || tool === "scissors"));
  const [slow, setSlow] = useState(false);
  // What was clicked has its answer also when another tool is in the hand by then.
  const [awaited, setAwaited] = useState(false);
  const looks = chosen || awaited;
  const looker = useRef<Looker | null>(null);

  useEffect(() => {
    if (!looks) return undefined;
    let timer = 0;
    const made = new Looker({
      seen: (number, answer) => editor.seen(number, answer),
      failed: (error) => {
        editor.giveUp();
        notifyError(error, text.failed);
      },
      busy: (busy) => {
        setAwaited(busy);
        if (!busy) {
          clearTimeout(timer);
          timer = 0;
          setSlow(false);
        } else timer ||= window.setTimeout(() => setSlow(true), PATIENCE);
      },
    });
    const stop = editor.on("look", (asked) => made.ask(asked, editor.source));
    looker.current = made;
    return () => {
      stop();
      made.close();
    };
  }, [editor, looks]);
  useEffect(() => {
    const { source } = editor;
    if (looks && source && source.pixels === pixels) looker.current?.prepare(source);
  }, [editor, looks, pixels]);
  return slow;
}
