/** The saves of an image or a video, newest first; a click shows how it was, another on the newest how it is. */
import { Button } from "@mantine/core";
import { IconX } from "@tabler/icons-react";
import type { UseInfiniteQueryResult } from "@tanstack/react-query";
import type { ReactNode } from "react";

import { useSession } from "../../app/session";
import { ErrorBox } from "../../components/ErrorBox";
import { Time } from "../../components/Time";
import { annotate } from "../../strings/annotate";
import { review } from "../../strings/review";
import css from "../annotate.module.css";
import { IconKey } from "../IconKey";
import own from "../review.module.css";
import type { Saved } from "./log";

const { history: text } = review;

interface Step {
  readonly entry: Saved;
  readonly summary: string;
}

interface Props<S extends Step> {
  readonly title: string;
  /** What is said where there is no save yet. */
  readonly none: string;
  readonly log: UseInfiniteQueryResult<{ readonly pages: readonly { readonly steps: readonly S[] }[] }>;
  readonly shown: S | null;
  readonly onShow: (step: S | null) => void;
  readonly onClose: () => void;
  /** What else can be done with a save. */
  readonly beside?: (step: S) => ReactNode;
}

export function SavedList<S extends Step>({ title, none, log, shown, onShow, onClose, beside }: Props<S>) {
  const found = log.data?.pages.flatMap((page) => page.steps) ?? [];
  const newest = found[0]?.entry.revision;
  return (
    <section className={`${css.section ?? ""} ${own.history ?? ""}`} aria-label={title} aria-busy={log.isPending}>
      <div className={css.heading}>
        <h2>{title}</h2>
        <IconKey small icon={IconX} label={text.close} onClick={onClose} />
      </div>
      {log.isError && <ErrorBox error={log.error} onRetry={log.refetch} />}
      {log.isPending && <p className={css.empty}>{annotate.objects.loading}</p>}
      {log.isSuccess && found.length === 0 && <p className={css.empty}>{none}</p>}
      <ol className={css.list}>
        {found.map((step) => (
          <li key={step.entry.revision} className={own.savedRow}>
            <SavedStep
              step={step}
              isNow={step.entry.revision === newest}
              active={(shown?.entry.revision ?? newest) === step.entry.revision}
              onShow={onShow}
            />
            {beside?.(step)}
          </li>
        ))}
        {log.hasNextPage && (
          <li>
            <Button
              fullWidth
              size="compact-sm"
              variant="subtle"
              loading={log.isFetchingNextPage}
              onClick={() => void log.fetchNextPage()}
            >
              {text.more}
            </Button>
          </li>
        )}
      </ol>
    </section>
  );
}

interface StepProps<S extends Step> {
  readonly step: S;
  readonly isNow: boolean;
  readonly active: boolean;
  readonly onShow: (step: S | null) => void;
}

function SavedStep<S extends Step>({ step, isNow, active, onShow }: StepProps<S>) {
  const { entry, summary } = step;
  return (
    <button
      type="button"
      className={own.saved}
      data-active={active}
      aria-pressed={active}
      onClick={() => onShow(isNow ? null : step)}
    >
      <span className={own.savedHead}>
        <Author entry={entry} />
        <span className={own.savedWhen}>{isNow ? text.now : <Time value={entry.created_at} />}</span>
      </span>
      <span className={own.savedWhat}>{summary}</span>
    </button>
  );
}

export function Author({ entry }: { readonly entry: Saved }) {
  const me = useSession().data?.id;
  const name = entry.author_id === null ? text.somebody : entry.author_id === me ? text.you : entry.author_name;
  return <span className={css.label}>{entry.run_id === null ? (name ?? text.somebody) : text.model}</span>;
}
