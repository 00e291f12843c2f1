/** The saves of a video read by people, an older state to look at, and what brings it, or all but one save, back. */
import { useInfiniteQuery, useQueryClient } from "@tanstack/react-query";
import { useMemo, useState } from "react";

import { api, call } from "../../api/client";
import type { Schemas } from "../../api/client";
import { useServerEvents } from "../../api/events";
import { same, VideoDocument } from "../../canvas";
import type { Change, Styles, Track } from "../../canvas";
import { notifyDone } from "../../components/notify";
import { review } from "../../strings/review";
import { video as words } from "../../strings/video";
import type { Saved } from "../history/log";
import { transition } from "../sync/merge";
import { alike, byId, idOf, patched } from "../sync/wire";
import type { ById, WireChange } from "../sync/wire";
import { FOLLOWED } from "./follow";
import type { VideoEntry } from "./session";
import { trackOf } from "./transport";

const { history: text } = words;

/** One save, with the video as it was before and after it. */
export interface TrackStep {
  readonly entry: Saved & { readonly change_id: string };
  readonly ids: readonly string[];
  readonly summary: string;
  readonly before: ById<Track>;
  readonly after: ById<Track>;
}

export interface TrackSave extends Saved {
  readonly change_id: string;
  readonly changes: readonly WireChange<Track>[];
}

const PAGE = 50;

/** Goes through saves that follow on `base`; both the saves and the answer are newest first. */
export function trackSteps(base: Iterable<Track>, saves: readonly TrackSave[]): TrackStep[] {
  let before: ById<Track> = byId(base);
  const found: TrackStep[] = [];
  for (const entry of saves.toReversed()) {
    const after = patched(before, entry.changes);
    const ids = entry.changes.map(idOf);
    found.push({ entry, ids, before, after, summary: summaryOf(before, after, entry) });
    before = after;
  }
  return found.reverse();
}

/** "Imported: 12 added"; "1 changed, 25 key frames added". */
function summaryOf(before: ById<Track>, after: ById<Track>, { change_id, changes }: TrackSave): string {
  const counts = { added: 0, relabelled: 0, changed: 0, deleted: 0 };
  let keys = 0;
  for (const id of changes.map(idOf)) {
    const [old, now] = [before.get(id), after.get(id)];
    if (alike(old, now)) continue;
    if (!old) counts.added++;
    else if (!now) counts.deleted++;
    else {
      counts[old.class_id === now.class_id ? "changed" : "relabelled"]++;
      keys += now.keyframes.length - old.keyframes.length;
    }
  }
  const parts = (Object.keys(counts) as (keyof typeof counts)[]).flatMap((part) =>
    counts[part] > 0 ? [text.parts[part](counts[part])] : [],
  );
  if (keys !== 0) parts.push(text.keys(keys));
  const said = parts.length > 0 ? parts.join(", ") : review.history.nothing;
  const [origin] = change_id.split(":", 1);
  return origin === "import" ? text.imported(said) : origin === FOLLOWED ? text.followed(said) : said;
}

async function load(videoId: string, cursor: string | null) {
  const path = { video_id: videoId };
  const query = { limit: PAGE, ...(cursor === null ? {} : { cursor }) };
  const page = await call(api.GET("/api/v1/videos/{video_id}/history", { params: { path, query } }));
  const oldest = page.items.at(-1)?.revision ?? 1;
  const params = { path: { ...path, revision: Math.max(0, oldest - 1) } };
  const base = await call(api.GET("/api/v1/videos/{video_id}/revisions/{revision}", { params }));
  // The client widens fixed-length arrays; the schema is the truth.
  const saves = (page.items as Schemas["TrackLogEntry"][]).map(saveOf);
  return { steps: trackSteps((base.tracks as Schemas["Track"][]).map(trackOf), saves), next: page.next_cursor ?? null };
}

const saveOf = (entry: Schemas["TrackLogEntry"]): TrackSave => ({
  ...entry,
  author_name: entry.author_name ?? null,
  run_id: null,
  changes: entry.changes.map((change) =>
    change.op === "delete" ? { op: "delete", id: change.id } : { op: "upsert", annotation: trackOf(change.track) },
  ),
});

export function useTrackHistory(videoId: string) {
  const client = useQueryClient();
  const queryKey = ["trackHistory", videoId];
  useServerEvents((event) => {
    if (event === "resync" || (event.topic === "video" && event.id === videoId))
      void client.invalidateQueries({ queryKey });
  });
  return useInfiniteQuery({
    queryKey,
    queryFn: ({ pageParam }) => load(videoId, pageParam),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.next,
    gcTime: 0,
  });
}

const listed = (change: Change<Track> | null): Change<Track>[] => (change ? [change] : []);

/** The changes that make what is there now as it was; tracks of classes that are gone stay away. */
export function bringingBack(now: Iterable<Track>, wanted: ById<Track>, isKnown: (classId: string) => boolean) {
  const present = byId(now);
  const ids = new Set([...present.keys(), ...wanted.keys()]);
  return Array.from(ids).flatMap((id): Change<Track>[] => {
    const then = wanted.get(id);
    return listed(transition(present.get(id), then && isKnown(then.class_id) ? then : undefined));
  });
}

/** The changes that take one save back: of what it has changed, all that is still as it left it. */
export function takingBack(now: (id: string) => Track | undefined, { ids, before, after }: TrackStep) {
  const still = ids.filter((id) => alike(now(id), after.get(id)));
  const changes = still.flatMap((id) => listed(transition(now(id), before.get(id))));
  return { changes, kept: ids.filter((id) => !still.includes(id) && !same(now(id), before.get(id))).length };
}

/** Which older state of the open video is on show, if any, and the ways back. */
export function useTrackPast(entry: VideoEntry | undefined, styles: Styles) {
  const [opened, setOpened] = useState(false);
  const [chosen, setChosen] = useState<{ readonly videoId: string; readonly step: TrackStep } | null>(null);
  const step = chosen && chosen.videoId === entry?.video.id ? chosen.step : null;
  const document = useMemo(
    () =>
      entry && step ? new VideoDocument(entry.video.id, entry.video, entry.video.frames, step.after.values()) : null,
    [entry, step],
  );
  const close = (): void => {
    setOpened(false);
    setChosen(null);
  };
  return {
    opened,
    step,
    /** The older state; null while the present one is on show. */
    document,
    show: (next: TrackStep | null): void => setChosen(entry && next ? { videoId: entry.video.id, step: next } : null),
    toggle: (): void => (opened ? close() : setOpened(true)),
    close,
    leave: (): boolean => {
      setChosen(null);
      return step !== null;
    },
    restore: (): void => {
      setChosen(null);
      if (!entry || !step) return;
      const changes = bringingBack(entry.document.tracks.all(), step.after, (id) => styles.has(id));
      entry.document.commit(changes);
      const lost = Array.from(step.after.values()).filter(({ class_id: id }) => !styles.has(id)).length;
      const done = changes.length > 0 ? review.history.restored(step.entry.revision) : text.same;
      notifyDone(lost > 0 ? `${done} ${text.leftOut(lost)}` : done);
    },
    takeBack: (one: TrackStep): void => {
      setChosen(null);
      if (!entry) return;
      const { changes, kept } = takingBack((id) => entry.document.tracks.get(id), one);
      entry.document.commit(changes);
      notifyDone(text.takenBack(changes.length, kept));
    },
  };
}

export type TrackPast = ReturnType<typeof useTrackPast>;
