/** The saves of a picture, page by page, and bringing an older state back. */
import { useInfiniteQuery, useQueryClient } from "@tanstack/react-query";

import { api, call } from "../../api/client";
import type { Schemas } from "../../api/client";
import { useServerEvents } from "../../api/events";
import { changeSet } from "../../canvas";
import type { Annotation, Change, Styles } from "../../canvas";
import { notifyDone } from "../../components/notify";
import { review } from "../../strings/review";
import type { Entry } from "../session";
import { transition } from "../sync/merge";
import type { ById } from "../sync/wire";
import { annotationOf } from "../transport";
import { steps } from "./log";
import type { LogEntry, Step } from "./log";

const { history: text } = review;
const PAGE = 50;

interface PageOfSteps {
  readonly steps: readonly Step[];
  readonly next: string | null;
}

/** The log holds only new values: the state before a page tells what they replaced. */
async function load(imageId: string, cursor: string | null): Promise<PageOfSteps> {
  const path = { image_id: imageId };
  const query = { limit: PAGE, ...(cursor === null ? {} : { cursor }) };
  const page = await call(api.GET("/api/v1/images/{image_id}/history", { params: { path, query } }));
  const oldest = page.items.at(-1)?.revision ?? 1;
  const params = { path: { ...path, revision: Math.max(0, oldest - 1) } };
  const base = await call(api.GET("/api/v1/images/{image_id}/revisions/{revision}", { params }));
  // The client widens fixed-length arrays; the schema is the truth.
  const items = page.items as Schemas["LogEntry"][];
  const entries = items.map(entryOf);
  const before = base.annotations as Schemas["Annotation"][];
  return { steps: steps(before.map(annotationOf), entries), next: page.next_cursor ?? null };
}

const entryOf = (entry: Schemas["LogEntry"]): LogEntry => ({
  ...entry,
  author_name: entry.author_name ?? null,
  run_id: entry.run_id ?? null,
  changes: entry.changes.map((change) =>
    change.op === "delete"
      ? { op: "delete", id: change.id }
      : { op: "upsert", annotation: annotationOf(change.annotation) },
  ),
});

export function useHistory(imageId: string) {
  const client = useQueryClient();
  const queryKey = ["history", imageId];
  useServerEvents((event) => {
    if (event === "resync" || (event.topic === "annotations" && event.id === imageId))
      void client.invalidateQueries({ queryKey });
  });
  return useInfiniteQuery({
    queryKey,
    queryFn: ({ pageParam }) => load(imageId, pageParam),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.next,
    gcTime: 0,
  });
}

/** The changes that make `now` equal to `wanted`. */
export function restoring(now: readonly Annotation[], wanted: ById): Change[] {
  const present = new Map(now.map((annotation) => [annotation.id, annotation]));
  const ids = new Set([...present.keys(), ...wanted.keys()]);
  return Array.from(ids).flatMap((id) => transition(present.get(id), wanted.get(id)) ?? []);
}

/** Brings an older state back as one step of undo; objects of classes that are gone stay away. */
export function restore({ document }: Entry, { entry, after }: Step, styles: Styles): void {
  const wanted = new Map(Array.from(after).filter(([, { class_id: id }]) => styles.has(id)));
  const changes = restoring(document.store.all(), wanted);
  if (changes.length > 0) document.store.apply(changeSet("local", changes));
  const lost = after.size - wanted.size;
  const done = changes.length > 0 ? text.restored(entry.revision) : text.same;
  notifyDone(lost > 0 ? `${done} ${text.leftOut(lost)}` : done);
}
