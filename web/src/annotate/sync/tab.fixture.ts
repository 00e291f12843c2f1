/** For tests: a browser with a journal, its tabs, and a server behind them. */
import "fake-indexeddb/auto";
import { vi } from "vitest";

import { Document, changeSet, drawn, update } from "../../canvas";
import type { Annotation } from "../../canvas";
import { IndexedJournal } from "./journal";
import { Offline, Stale, SyncQueue } from "./queue";
import type { Surroundings, Transport } from "./queue";
import { byId, patched } from "./wire";
import type { Remote, WireChangeSet } from "./wire";

export const shape = (id: string, x = 0): Annotation => ({
  ...drawn({ type: "box", x0: x, y0: 0, x1: x + 5, y1: 5 }, "cat"),
  id,
});
/** A server that may be away, lose its answers, and be used by others. */
export class Server implements Transport {
  state: Remote = { revision: 1, annotations: [shape("a"), shape("b")] };
  readonly answers = new Map<string, number>();
  away = false;
  losesReplies = false;

  save(_: string, body: WireChangeSet): Promise<{ revision: number }> {
    if (this.away) return Promise.reject(new Offline());
    const known = this.answers.get(body.change_id);
    if (known === undefined && body.base_revision !== this.state.revision)
      return Promise.reject(new Stale("", this.state));
    if (known === undefined) this.edit(body.changes);
    this.answers.set(body.change_id, known ?? this.state.revision);
    if (this.losesReplies) return Promise.reject(new Offline());
    return Promise.resolve({ revision: known ?? this.state.revision });
  }

  load(): Promise<Remote> {
    return this.away ? Promise.reject(new Offline()) : Promise.resolve(this.state);
  }

  edit(changes: WireChangeSet["changes"]): void {
    const annotations = [...patched(byId(this.state.annotations), changes).values()];
    this.state = { revision: this.state.revision + 1, annotations };
  }
}

/** Opens the picture as a new tab does. */
export async function openTab(server: Server, around: Partial<Surroundings> = {}) {
  const journal = new IndexedJournal("anna");
  const { store, history } = new Document("picture", { width: 100, height: 100 }, server.state.annotations);
  const queue = new SyncQueue("picture", store, server.state, server, {
    journal,
    calm: () => Promise.resolve(),
    news: () => undefined,
    ...around,
  });
  await queue.adopt(await journal.adopt("picture"));
  const put = (id: string, x: number): void => {
    const known = store.get(id);
    const made = shape(id, x);
    const change = known ? update(known, { geometry: made.geometry }) : ({ op: "create", annotation: made } as const);
    store.apply(changeSet("local", [change]));
  };
  const remove = (id: string): void => {
    const known = store.get(id);
    if (known) store.apply(changeSet("local", [{ op: "delete", annotation: known }]));
  };
  /** The tab is gone at once: its timers, its memory and its lock. */
  const crash = async (): Promise<void> => {
    queue.stop();
    await vi.waitUntil(() => journal.kept, { interval: 1 });
    journal.close();
  };
  return { journal, store, history, queue, put, remove, crash };
}

export const boxes = (annotations: readonly Annotation[]) =>
  new Map(annotations.map(({ id, geometry }) => [id, geometry]));

/** An empty browser. */
export const wipe = (): void => {
  globalThis.indexedDB = new IDBFactory();
};
