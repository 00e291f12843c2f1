import type { Picked } from "../../lib/files";
import { ApiError, messageOf } from "../../api/client";

export type ItemState = "waiting" | "sending" | "done" | "failed";

/** One file on its way. `sent` is a share from 0 to 1. */
export interface Item<T> {
  readonly id: number;
  readonly picked: Picked;
  readonly target: T;
  readonly state: ItemState;
  readonly sent: number;
  /** Why it failed, or a remark about a file that arrived. */
  readonly message: string;
  /** It was never sent and would not be taken: trying again is of no use. */
  readonly refused: boolean;
}

export interface Snapshot<T> {
  readonly items: readonly Item<T>[];
  readonly done: number;
  readonly failed: number;
  readonly active: boolean;
}

/** Sends one file; resolves with a remark (or an empty string), rejects with the reason in words. */
export type Send<T> = (item: Item<T>, onProgress: (share: number) => void, signal: AbortSignal) => Promise<string>;

const NOTIFY_MS = 120;
const TRIES = 3;

/**
 * Sends files a few at a time. A failure never stops the others; it stays in the list with its reason and can be tried
 * again. A server that is away is tried some times before that.
 */
export class UploadQueue<T> {
  private items: Item<T>[] = [];
  private snapshot: Snapshot<T> = { items: [], done: 0, failed: 0, active: false };
  private readonly index = new Map<number, number>();
  private readonly aborts = new Map<number, AbortController>();
  private readonly listeners = new Set<() => void>();
  private readonly send: Send<T>;
  private readonly parallel: number;
  private readonly pause: (ms: number) => Promise<void>;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private next = 0;
  private cursor = 0;

  constructor(send: Send<T>, parallel = 4, pause = sleep) {
    this.send = send;
    this.parallel = parallel;
    this.pause = pause;
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  readonly read = (): Snapshot<T> => this.snapshot;

  /** Queue files; those that `refuse` names a reason for are listed as failed without being sent. */
  add(files: readonly Picked[], target: T, refuse: (picked: Picked) => string = () => ""): void {
    for (const picked of files) {
      const message = refuse(picked);
      const id = this.next++;
      this.index.set(id, this.items.length);
      this.items.push({
        id,
        picked,
        target,
        state: message === "" ? "waiting" : "failed",
        sent: 0,
        message,
        refused: message !== "",
      });
    }
    this.changed();
    this.pump();
  }

  /** Send failed files once more: one, or all. */
  retry(id?: number): void {
    for (const item of this.items) {
      if (item.state === "failed" && !item.refused && (id === undefined || item.id === id)) {
        this.put(item.id, { state: "waiting", sent: 0, message: "" });
      }
    }
    this.cursor = 0;
    this.pump();
  }

  /** Break off what is under way and drop what waits; both are listed as failed with `reason`. */
  stop(reason: string): void {
    for (const item of this.items) {
      if (item.state === "waiting") this.put(item.id, { state: "failed", message: reason });
    }
    for (const abort of this.aborts.values()) abort.abort(reason);
  }

  /** Forget everything that is not under way. */
  clear(): void {
    this.items = this.items.filter((item) => item.state === "sending" || item.state === "waiting");
    this.index.clear();
    this.items.forEach((item, position) => this.index.set(item.id, position));
    this.cursor = 0;
    this.changed();
  }

  private pump(): void {
    while (this.aborts.size < this.parallel) {
      while (this.cursor < this.items.length && this.items[this.cursor]?.state !== "waiting") this.cursor += 1;
      const item = this.items[this.cursor];
      if (item === undefined) return;
      void this.run(item);
    }
  }

  private async run(item: Item<T>): Promise<void> {
    const abort = new AbortController();
    this.aborts.set(item.id, abort);
    this.put(item.id, { state: "sending" });
    try {
      const message = await this.persist(item, abort.signal);
      this.put(item.id, { state: "done", sent: 1, message });
    } catch (error) {
      const message = abort.signal.aborted ? String(abort.signal.reason) : messageOf(error);
      this.put(item.id, { state: "failed", message });
    }
    this.aborts.delete(item.id);
    this.pump();
  }

  private async persist(item: Item<T>, signal: AbortSignal): Promise<string> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await this.send(item, (sent) => this.put(item.id, { sent }), signal);
      } catch (error) {
        const passing = error instanceof ApiError && (error.status === 0 || error.status === 503);
        if (!passing || attempt >= TRIES || signal.aborted) throw error;
        await this.pause(500 * 4 ** (attempt - 1));
      }
    }
  }

  private put(id: number, change: Partial<Item<T>>): void {
    const position = this.index.get(id);
    const item = position === undefined ? undefined : this.items[position];
    if (position === undefined || item === undefined) return;
    this.items[position] = { ...item, ...change };
    this.changed();
  }

  private changed(): void {
    if (this.timer !== undefined) return;
    // Thousands of files report progress many times a second; listeners hear of it a few times.
    this.timer = setTimeout(() => {
      this.timer = undefined;
      this.publish();
    }, NOTIFY_MS);
  }

  private publish(): void {
    const done = this.items.filter((item) => item.state === "done").length;
    const failed = this.items.filter((item) => item.state === "failed").length;
    this.snapshot = { items: [...this.items], done, failed, active: done + failed < this.items.length };
    for (const listener of [...this.listeners]) listener();
  }
}

function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
