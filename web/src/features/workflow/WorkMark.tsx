import type { WorkState } from "../../api/types";
import { work as words } from "../../strings/work";
import css from "./work.module.css";

/** How far an image is: a dot and a word, never the colour alone. */
export function WorkMark({ state, who }: { readonly state: WorkState; readonly who?: string | undefined }) {
  return (
    <span className={css.mark} data-work={state}>
      {who !== undefined && <span className={css.who}>{who}</span>}
      <span className={css.word}>{words.states[state]}</span>
    </span>
  );
}
