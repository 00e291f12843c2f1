import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef, useSyncExternalStore } from "react";
import { Invalidator } from "./invalidate";

export type Topic =
  | "project"
  | "class"
  | "image"
  | "images"
  | "annotations"
  | "work"
  | "comment"
  | "view"
  | "presence"
  | "video"
  | "job"
  | "job.metric"
  | "job.log"
  | "model"
  | "version"
  | "run"
  | "user"
  | "member";

/** A committed change, as `/api/v1/events` tells it. `id` names the thing that changed. */
export interface ServerEvent {
  topic: Topic;
  project_id: string | null;
  id: string;
  data: Record<string, unknown>;
}

/** `resync` says that events may have been missed: everything on show must be fetched anew. */
export type Listener = (event: ServerEvent | "resync") => void;
export type Connection = "connecting" | "open" | "lost";

const REOPEN_MS = 4000;
const listeners = new Set<Listener>();
const watchers = new Set<() => void>();
let source: EventSource | null = null;
let timer: number | undefined;
let connection: Connection = "connecting";
let wasLost = false;
/** Until when everything was heard, in seconds since the page began. */
let heardUntil = 0;

/**
 * Hear every change of the server until the returned function is called. All subscribers of a tab share one stream; it
 * opens with the first and closes with the last.
 */
export function subscribe(listener: Listener): () => void {
  listeners.add(listener);
  if (source === null) open();
  return () => {
    listeners.delete(listener);
    if (listeners.size === 0) close();
  };
}

/** Hear every change of the server while the component is mounted; the newest `listener` is the one that is called. */
export function useServerEvents(listener: Listener): void {
  const latest = useRef(listener);
  useEffect(() => {
    latest.current = listener;
  });
  useEffect(() => subscribe((event) => latest.current(event)), []);
}

/** Whether changes arrive at present. */
export function useConnection(): Connection {
  return useSyncExternalStore(
    (changed) => {
      watchers.add(changed);
      return () => watchers.delete(changed);
    },
    () => connection,
  );
}

/** Keep the query cache true to the server; used once, at the root of the signed-in application. */
export function useLiveQueries(): void {
  const client = useQueryClient();
  const invalidator = useRef<Invalidator | null>(null);
  useServerEvents((event) => {
    invalidator.current ??= new Invalidator((queryKey) => void client.invalidateQueries({ queryKey }));
    invalidator.current.push(event);
  });
}

function open(): void {
  window.clearTimeout(timer);
  // What was read before the stream opens may be old by then: what was committed meanwhile is told first.
  const age = performance.now() / 1000 - heardUntil;
  const stream = new EventSource(`/api/v1/events?age=${age.toFixed(3)}`);
  source = stream;
  stream.addEventListener("open", () => {
    tell("open");
    // Another server process has other event numbers; it says so itself. A stream that we had to make anew cannot.
    if (wasLost) send("resync");
    wasLost = false;
  });
  stream.addEventListener("change", (message: MessageEvent<string>) => {
    send(JSON.parse(message.data) as ServerEvent);
  });
  stream.addEventListener("resync", () => send("resync"));
  stream.addEventListener("error", () => {
    tell("lost");
    // The browser retries by itself unless the answer was no event stream (signed out, server starting).
    if (stream.readyState !== EventSource.CLOSED || source !== stream) return;
    wasLost = true;
    window.clearTimeout(timer);
    timer = window.setTimeout(open, REOPEN_MS);
  });
}

function close(): void {
  window.clearTimeout(timer);
  source?.close();
  source = null;
  heardUntil = performance.now() / 1000;
  tell("connecting");
}

function send(event: ServerEvent | "resync"): void {
  for (const listener of [...listeners]) listener(event);
}

function tell(state: Connection): void {
  if (state === connection) return;
  connection = state;
  for (const watcher of [...watchers]) watcher();
}
