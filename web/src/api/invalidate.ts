import type { ServerEvent } from "./events";

type Key = readonly unknown[];

/** Lists are as long as a person has scrolled, so a burst of events (an import, an upload) refreshes them rarely. */
const SLOW_MS = 1500;
const QUICK_MS = 150;
const SLOW = new Set(["images", "counts", "projects", "neighbours", "queue", "runImages"]);

/** The prefixes of the query cache that an event makes stale. */
export function staleKeys(event: ServerEvent): Key[] {
  const project = event.project_id ?? "";
  const library: Key[] = [["images", project], ["neighbours"], ["counts", project], ["projects"]];
  switch (event.topic) {
    case "project":
      return [["projects"], ["project", event.id], ["counts", event.id]];
    case "class":
      return [["classes", project], ["counts", project], ["projects"]];
    case "image":
    case "annotations":
      return [["image", event.id], ...library];
    case "presence":
      return [];
    case "comment":
      return [["comments", event.id]];
    case "work":
      return [
        ["work", event.id],
        ["image", event.id],
        ["images", project],
        ["queue", project],
      ];
    case "images":
      return [["image"], ...library];
    case "job":
    case "video":
      return [
        [event.topic, event.id],
        [`${event.topic}s`, project],
      ];
    case "job.metric":
      return [["jobMetrics", event.id]];
    case "job.log":
      return [["jobLog", event.id]];
    case "model":
      return [
        ["models", project],
        ["model", event.id],
        ["evaluations", event.id],
        ["variants", event.id],
        ["projects"],
      ];
    case "version":
    case "view":
      return [[`${event.topic}s`, project]];
    case "user":
      return [["users"], ["session"], ["role"], ["members"]];
    case "member":
      return [["members", project], ["role", project], ["project", project], ["queue", project], ["projects"]];
    case "run":
      return [
        ["runs", project],
        ["run", event.id],
        ["runImages", event.id],
      ];
  }
}

/** Gathers events for a moment and marks each touched part of the cache once. */
export class Invalidator {
  private readonly waiting = new Map<string, number>();
  private readonly invalidate: (key: Key) => void;

  constructor(invalidate: (key: Key) => void) {
    this.invalidate = invalidate;
  }

  push(event: ServerEvent | "resync"): void {
    if (event === "resync") {
      this.schedule([], QUICK_MS);
      return;
    }
    for (const key of staleKeys(event)) this.schedule(key, SLOW.has(String(key[0])) ? SLOW_MS : QUICK_MS);
  }

  private schedule(key: Key, delay: number): void {
    const name = JSON.stringify(key);
    if (this.waiting.has(name)) return;
    const timer = window.setTimeout(() => {
      this.waiting.delete(name);
      this.invalidate(key);
    }, delay);
    this.waiting.set(name, timer);
  }
}
