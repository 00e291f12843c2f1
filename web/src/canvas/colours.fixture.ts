/** Answers what tools ask about colours at once, as the worker does later. */
import { Colours } from "./colours";
import type { Editor } from "./editor";
import type { Source } from "./render/source";
import type { Sampler } from "./samples";
import { finished } from "./steps";

/** Shows a picture; returns what lets a delayed answer come, where `held`. */
export function paint(editor: Editor, sampler: Sampler | null, held = false): () => void {
  editor.setSource(() => sampler && ({} as Source));
  let waiting: (() => void)[] = [];
  const colours = sampler && new Colours(editor.picture, () => sampler);
  const stop = editor.on("look", (asked) => {
    if (editor.source === null || !asked || !colours) {
      waiting = [];
      return;
    }
    const { number, question, shrink } = asked;
    const answer = (): void => editor.seen(number, finished(colours.answer(question, shrink)));
    if (held) waiting.push(answer);
    else answer();
  });
  stops.get(editor)?.();
  stops.set(editor, stop);
  return () => {
    for (const answer of waiting.splice(0)) answer();
  };
}

const stops = new WeakMap<Editor, () => void>();
