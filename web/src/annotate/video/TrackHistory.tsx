/** Who changed what on the tracks of this video and when: look at it as it was, or take one save back as a whole. */
import { Button } from "@mantine/core";
import { IconArrowBackUp, IconX } from "@tabler/icons-react";

import { ErrorBox } from "../../components/ErrorBox";
import { Time } from "../../components/Time";
import { annotate } from "../../strings/annotate";
import { review } from "../../strings/review";
import { video as words } from "../../strings/video";
import css from "../annotate.module.css";
import { Author } from "../history/HistoryPanel";
import { IconKey } from "../IconKey";
import own from "../review.module.css";
import { useTrackHistory } from "./past";
import type { TrackPast, TrackStep } from "./past";

const { history: text } = words;

interface Props {
  readonly videoId: string;
  readonly past: TrackPast;
  readonly readOnly: boolean;
}

export function TrackHistory({ videoId, past, readOnly }: Props) {
  const log = useTrackHistory(videoId);
  const found = log.data?.pages.flatMap((page) => page.steps) ?? [];
  const newest = found[0]?.entry.revision;
  return (
    <section className={`${css.section ?? ""} ${own.history ?? ""}`} aria-label={text.title} aria-busy={log.isPending}>
      <div className={css.heading}>
        <h2>{text.title}</h2>
        <IconKey small icon={IconX} label={review.history.close} onClick={past.close} />
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
              active={(past.step?.entry.revision ?? newest) === step.entry.revision}
              past={past}
              readOnly={readOnly}
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
              {review.history.more}
            </Button>
          </li>
        )}
      </ol>
    </section>
  );
}

interface StepProps extends Pick<Props, "past" | "readOnly"> {
  readonly step: TrackStep;
  readonly isNow: boolean;
  readonly active: boolean;
}

function SavedStep({ step, isNow, active, past, readOnly }: StepProps) {
  const { entry, summary } = step;
  return (
    <div style={{ display: "flex", alignItems: "center" }}>
      <button
        type="button"
        className={own.saved}
        style={{ flex: 1, minWidth: 0 }}
        data-active={active}
        aria-pressed={active}
        onClick={() => past.show(isNow ? null : step)}
      >
        <span className={own.savedHead}>
          <Author entry={entry} />
          <span className={own.savedWhen}>{isNow ? review.history.now : <Time value={entry.created_at} />}</span>
        </span>
        <span className={own.savedWhat}>{summary}</span>
      </button>
      {!readOnly && (
        <IconKey
          small
          plain
          icon={IconArrowBackUp}
          label={text.takeBack(entry.revision)}
          onClick={() => past.takeBack(step)}
        />
      )}
    </div>
  );
}
