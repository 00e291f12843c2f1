/** Says that an older state is on show, and leads back to the present one or brings the older one back. */
import { Button } from "@mantine/core";
import { IconHistory } from "@tabler/icons-react";

import { Time } from "../../components/Time";
import { review } from "../../strings/review";
import css from "../review.module.css";
import { Author } from "./SavedList";
import type { Saved } from "./log";

const { history: text } = review;

interface Props {
  readonly step: { readonly entry: Saved };
  /** What it says on hover. */
  readonly hint?: string;
  readonly newest: number;
  /** Undefined for those who may only look. */
  readonly onRestore: (() => void) | undefined;
  readonly onBack: () => void;
}

export function OlderState({ step: { entry }, hint = text.hint, newest, onRestore, onBack }: Props) {
  return (
    <div className={css.older} role="status" title={hint}>
      <IconHistory size={18} stroke={1.5} aria-hidden />
      <span className={css.olderWhat}>
        <strong>{text.revision(entry.revision, newest)}</strong>{" "}
        <span className={css.olderWhen}>
          <Author entry={entry} />, <Time value={entry.created_at} />
        </span>
      </span>
      {onRestore && (
        <Button size="compact-sm" onClick={onRestore}>
          {text.restore}
        </Button>
      )}
      <Button size="compact-sm" variant="default" onClick={onBack}>
        {text.back}
      </Button>
    </div>
  );
}
