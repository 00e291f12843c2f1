/** Who else is on this picture, in a corner of it. */
import { IconEye } from "@tabler/icons-react";

import { annotate as text } from "../../strings/annotate";
import css from "./presence.module.css";
import type { Kind } from "./usePresence";
import { usePresence } from "./usePresence";

const SHOWN = 3;

interface Props {
  readonly kind: Kind;
  readonly id: string;
}

export function Others({ kind, id }: Props) {
  const others = usePresence(kind, id);
  const names = others.map(({ name }) => name);
  const shown = names.length > SHOWN ? [...names.slice(0, SHOWN), `+${names.length - SHOWN}`] : names;
  return (
    <div className={css.others} role="status">
      {names.length > 0 && (
        <span className={css.here} title={text.alsoHere(names.join(", "))} data-others={names.length}>
          <IconEye size={14} stroke={1.5} aria-hidden />
          {text.alsoHere(shown.join(", "))}
        </span>
      )}
    </div>
  );
}
