/** Who else is on this picture, in a corner of it. */
import { IconEye } from "@tabler/icons-react";

import { annotate as text } from "../../strings/annotate";
import css from "./presence.module.css";
import { usePresence } from "./usePresence";

const SHOWN = 3;

export function Others({ imageId }: { readonly imageId: string }) {
  const others = usePresence(imageId);
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
