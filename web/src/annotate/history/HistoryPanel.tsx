/** Who changed what on this picture and when; a click shows the picture as it was. */
import { Button } from "@mantine/core";
import { IconX } from "@tabler/icons-react";

import { useSession } from "../../app/session";
import { ErrorBox } from "../../components/ErrorBox";
import { Time } from "../../components/Time";
import { annotate } from "../../strings/annotate";
import { review } from "../../strings/review";
import css from "../annotate.module.css";
import { IconKey } from "../IconKey";
import own from "../review.module.css";
import type { Saved, Step } from "./log";
import { useHistory } from "./useHistory";

const { history: text } = review;

interface Props {
  readonly imageId: string;
  readonly shown: Step | null;
  readonly onShow: (step: Step | null) => void;
  readonly onClose: () => void;
}

export function HistoryPanel({ imageId, shown, onShow, onClose }: Props) {
  const log = useHistory(imageId);
  const found = log.data?.pages.flatMap((page) => page.steps) ?? [];
  const newest = found[0]?.entry.revision;
  return (
    <section className={`${css.section ?? ""} ${own.history ?? ""}`} aria-label={text.title} aria-busy={log.isPending}>
      <div className={css.heading}>
        <h2>{text.title}</h2>
        <IconKey small icon={IconX} label={text.close} onClick={onClose} />
      </div>
      {log.isError && <ErrorBox error={log.error} onRetry={log.refetch} />}
      {log.isPending && <p className={css.empty}>{annotate.objects.loading}</p>}
      {log.isSuccess && found.length === 0 && <p className={css.empty}>{text.none}</p>}
      <ol className={css.list}>
        {found.map((step) => (
          <li key={step.entry.revision}>
            <SavedStep
              step={step}
              isNow={step.entry.revision === newest}
              active={(shown?.entry.revision ?? newest) === step.entry.revision}
              onShow={onShow}
            />
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

interface StepProps {
  readonly step: Step;
  readonly isNow: boolean;
  readonly active: boolean;
  readonly onShow: (step: Step | null) => void;
}

function SavedStep({ step, isNow, active, onShow }: StepProps) {
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
