/** Says whether what was drawn is stored. */
import { Badge, Tooltip, VisuallyHidden } from "@mantine/core";
import { IconAlertTriangle, IconCheck, IconCloudOff, IconGitMerge, IconRefresh } from "@tabler/icons-react";
import { useState } from "react";

import type { Item } from "../canvas";
import { annotate as text } from "../strings/annotate";
import css from "./annotate.module.css";
import type { SaveState, SaveStatus, SyncQueue } from "./sync/queue";
import { useSaveStatus } from "./useEditor";
import { useNews } from "./useOthers";

const LOOKS = {
  saved: { icon: IconCheck, color: "gray" },
  waiting: { icon: IconRefresh, color: "gray" },
  saving: { icon: IconRefresh, color: "gray" },
  offline: { icon: IconCloudOff, color: "orange" },
  conflict: { icon: IconGitMerge, color: "orange" },
  refused: { icon: IconAlertTriangle, color: "red" },
} satisfies Record<SaveState, unknown>;

interface Props<T extends Item> {
  readonly queue: SyncQueue<T> | undefined;
  readonly onClick: () => void;
}

export function SaveBadge<T extends Item>({ queue, onClick }: Props<T>) {
  const status = useSaveStatus(queue);
  const news = useNews(queue?.imageId);
  const { state, message, kept } = status;
  const { icon: Icon, color } = LOOKS[state];
  const word = news !== "" && state === "saved" ? news : wordOf(status);
  const hint = [text.saveHint[state], kept ? "" : text.notKept, message].filter((part) => part !== "").join(" ");
  return (
    <>
      <Tooltip label={hint} multiline maw={300}>
        <Badge
          component="button"
          type="button"
          color={color}
          fw={500}
          size="lg"
          className={css.save}
          style={{ cursor: "pointer", flex: "0 1 auto" }}
          leftSection={<Icon size={14} stroke={2} aria-hidden />}
          data-save-state={state}
          onClick={onClick}
        >
          <span className={css.saveWord}>{word}</span>
        </Badge>
      </Tooltip>
      <VisuallyHidden role="status">{useAnnounced(state, word)}</VisuallyHidden>
    </>
  );
}

function wordOf({ state, unsaved, kept }: Pick<SaveStatus, "state" | "unsaved" | "kept">): string {
  if (state !== "offline") return text.save[state];
  return kept ? text.offline(unsaved) : text.offlineNotKept(unsaved);
}

const TROUBLE: ReadonlySet<SaveState> = new Set(["offline", "conflict", "refused"]);

/** What a screen reader says: trouble, its end, and what others do, but not each stroke that is saved. */
function useAnnounced(state: SaveState, word: string): string {
  const [said, say] = useState({ state, word: "" });
  const isNews = state === "saved" && word !== text.save.saved;
  const isOver = state === "saved" && TROUBLE.has(said.state);
  const next = TROUBLE.has(state) || isNews || isOver ? { state, word } : said;
  // A count that grows while the server is away is not read out each time.
  const changed = isNews ? next.word !== said.word : next.state !== said.state;
  if (changed) say(next);
  return changed ? next.word : said.word;
}
