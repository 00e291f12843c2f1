/**
 * What an annotator has open: documents with their undo steps and queues, decoded pictures, the neighbours made ready.
 * It outlives the page component, so that leaving the editor neither loses a stroke nor an undo step.
 */
import { Document } from "../canvas";
import { keys } from "../api/keys";
import type { Caller, Image } from "../api/types";
import { queryClient } from "../app/queryClient";
import { IndexedJournal, NO_JOURNAL } from "./sync/journal";
import type { Journal } from "./sync/journal";
import { SyncQueue } from "./sync/queue";
import type { News } from "./sync/queue";
import { loadAnnotations, loadImage, loadPixels, transportOf } from "./transport";

export interface Entry {
  readonly image: Image;
  readonly document: Document;
  readonly queue: SyncQueue;
}

/** Documents are small; pictures are not (a 24-megapixel one takes 96 MB). */
const MAX_ENTRIES = 100;
const MAX_PIXELS = 4;

/** Other work of the same person that is saved in the same way: the tracks of videos. */
export interface Aside {
  readonly isDirty: boolean;
  flush(keepalive: boolean): void;
  /** Somebody else is signed in: nothing more is sent. */
  putAway(): void;
}

export class Session {
  readonly #asides = new Set<Aside>();
  readonly #entries = new Map<string, Entry>();
  readonly #opening = new Map<string, Promise<Entry>>();
  /** Saved by somebody while they were on their way here. */
  readonly #outdated = new Set<string>();
  readonly #pixels = new Map<string, Promise<ImageBitmap>>();
  readonly #decoded = new Map<string, ImageBitmap>();
  readonly #newsListeners = new Set<(imageId: string, news: News) => void>();
  #user = "";
  #journal: IndexedJournal | null = null;
  /** Resolves when no hand holds a shape; the open editor says how. */
  calm: () => Promise<void> = () => Promise.resolve();

  /** The drafts of whoever is signed in; what another person had open here is put away. */
  get journal(): Journal {
    const user = queryClient.getQueryData<Caller | null>(keys.session)?.id ?? "";
    if (user !== this.#user) {
      this.#journal?.close();
      for (const { queue } of this.#entries.values()) queue.stop();
      for (const aside of this.#asides) aside.putAway();
      this.#entries.clear();
      this.#user = user;
      this.#journal = user === "" ? null : new IndexedJournal(user);
    }
    return this.#journal ?? NO_JOURNAL;
  }

  /** Whoever is signed in, by id. */
  get user(): string {
    return this.#user;
  }

  /** Lets other work be sent, and asked about, together with that on images. */
  accompany(aside: Aside): void {
    this.#asides.add(aside);
  }

  /** Tells that somebody else has changed what is open here. */
  tell(subject: string, news: News): void {
    for (const listener of [...this.#newsListeners]) listener(subject, news);
  }

  /** Calls `listener` when somebody else has changed shapes of a picture that is open here. */
  onNews(listener: (imageId: string, news: News) => void): () => void {
    this.#newsListeners.add(listener);
    return () => this.#newsListeners.delete(listener);
  }

  /** The document if it is here already. */
  peek(imageId: string): Entry | undefined {
    return this.#entries.get(imageId);
  }

  peekPixels(imageId: string): ImageBitmap | undefined {
    return this.#decoded.get(imageId);
  }

  /** The document, fetched at most once; an older copy is brought up to date in the background. */
  open(imageId: string): Promise<Entry> {
    const known = this.#entries.get(imageId);
    if (known) {
      this.#entries.delete(imageId);
      this.#entries.set(imageId, known);
      return Promise.resolve(known);
    }
    return remembered(this.#opening, imageId, () => this.#load(imageId));
  }

  /** Opens a picture and goes on with what former tabs have left of it, also where it is open already. */
  async recover(imageId: string): Promise<Entry> {
    const entry = await this.open(imageId);
    await entry.queue.adopt(await this.journal.adopt(imageId));
    return entry;
  }

  pixels(imageId: string): Promise<ImageBitmap> {
    const known = this.#pixels.get(imageId);
    if (known) {
      // Seen last, forgotten last.
      this.#pixels.delete(imageId);
      this.#pixels.set(imageId, known);
      return known;
    }
    const loading = loadPixels(imageId).then(
      (bitmap) => {
        if (this.#pixels.has(imageId)) this.#decoded.set(imageId, bitmap);
        return bitmap;
      },
      (error: unknown) => {
        this.#pixels.delete(imageId);
        throw error;
      },
    );
    this.#pixels.set(imageId, loading);
    for (const id of [...this.#pixels.keys()].slice(0, -MAX_PIXELS)) {
      this.#pixels.delete(id);
      this.#decoded.delete(id);
    }
    return loading;
  }

  /** Makes a picture ready; whatever fails now is told when it is opened. */
  prefetch(imageId: string): void {
    void this.open(imageId).catch(() => undefined);
    void this.pixels(imageId).catch(() => undefined);
  }

  get isDirty(): boolean {
    const open = [...this.#entries.values()].some(({ queue }) => queue.isDirty);
    return open || [...this.#asides].some((aside) => aside.isDirty);
  }

  /** Whether closing the tab loses nothing. */
  get isSafe(): boolean {
    return !this.isDirty || this.journal.kept;
  }

  /** Sends what waits, on every picture. */
  flush(keepalive = false): void {
    for (const { queue } of this.#entries.values()) if (queue.isDirty) void queue.flush(keepalive);
    for (const aside of this.#asides) aside.flush(keepalive);
  }

  /** Somebody saved a picture, at `revision` where that is known. */
  notice(imageId: string, revision?: number): void {
    const queue = this.peek(imageId)?.queue;
    if (this.#opening.has(imageId)) this.#outdated.add(imageId);
    else if (revision === undefined) void queue?.refresh();
    else queue?.notice(revision);
  }

  /** Looks at the server again where it matters now: events may have been missed. The others are looked at when opened. */
  refresh(shown: string): void {
    for (const id of this.#opening.keys()) this.#outdated.add(id);
    for (const [id, { queue }] of this.#entries) if (id === shown || queue.isDirty) void queue.refresh();
  }

  async #load(imageId: string): Promise<Entry> {
    const { journal } = this;
    this.#outdated.delete(imageId);
    const [image, remote] = await Promise.all([loadImage(imageId), loadAnnotations(imageId)]);
    const size = { width: image.width, height: image.height };
    const document = new Document(imageId, size, remote.annotations);
    const queue = new SyncQueue(imageId, document.store, remote, transportOf(this.#user), {
      journal,
      calm: () => this.calm(),
      news: (id, news) => this.tell(id, news),
    });
    await queue.adopt(await journal.adopt(imageId));
    const entry = { image, document, queue };
    this.#entries.set(imageId, entry);
    if (this.#outdated.delete(imageId)) void queue.refresh();
    for (const [id, { document: other, queue }] of [...this.#entries].slice(0, -MAX_ENTRIES)) {
      if (!queue.isDirty && other.drafts.size === 0) this.#entries.delete(id);
    }
    return entry;
  }
}

/** One promise per key while it is pending. */
export function remembered<T>(pending: Map<string, Promise<T>>, key: string, start: () => Promise<T>): Promise<T> {
  const known = pending.get(key);
  if (known) return known;
  const promise = start().finally(() => pending.delete(key));
  pending.set(key, promise);
  return promise;
}

export const session = new Session();

// What is not saved yet is sent when the page is hidden. Closing it asks only where the journal does not hold it.
window.addEventListener("online", () => session.flush());
window.addEventListener("pagehide", () => session.flush(true));
document.addEventListener("visibilitychange", () => {
  if (document.visibilityState === "hidden") session.flush(true);
});
window.addEventListener("beforeunload", (event) => {
  if (!session.isSafe) event.preventDefault();
});
