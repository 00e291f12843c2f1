/**
 * Carries the edits of one picture to the server. Each stroke goes to the journal at once; edits are coalesced, sent one
 * set at a time, and sent again with the same change id until an answer comes. A newer state on the server is merged
 * shape by shape.
 */
import { changedId } from "../../canvas";
import type { Annotation, Change, Item, Store } from "../../canvas";
import { Offline, Refused, Stale } from "./failures";
import { NO_JOURNAL } from "./journal";
import type { Adopted, Journal } from "./journal";
import { Ledger } from "./ledger";
import type { Clash } from "./merge";
import { Replay } from "./replay";
import { breath, MANY } from "./slices";
import type { Remote, WireChangeSet } from "./wire";

export { Offline, Refused, Stale } from "./failures";

export type SaveState = "saved" | "waiting" | "saving" | "offline" | "conflict" | "refused";

/** How the queue reaches the server. Failures are `Offline`, `Stale` or `Refused`. */
export interface Transport<T extends Item = Annotation> {
  save(imageId: string, body: WireChangeSet<T>, keepalive: boolean): Promise<{ readonly revision: number }>;
  load(imageId: string): Promise<Remote<T>>;
}

export interface SaveStatus<T extends Item = Annotation> {
  readonly state: SaveState;
  /** Why the server refused; empty otherwise. */
  readonly message: string;
  readonly clashes: readonly Clash<T>[];
  /** Shapes whose changes are not stored on the server yet. */
  readonly unsaved: number;
  /** Whether those survive the end of this tab. */
  readonly kept: boolean;
}

/** How many shapes others have changed, and after which revision. */
export interface News {
  readonly changes: number;
  readonly since: number;
}

/** What surrounds a queue. */
export interface Surroundings {
  readonly journal: Journal;
  /** Resolves when no hand holds a shape: what others did must not tear it away. */
  readonly calm: () => Promise<void>;
  readonly news: (imageId: string, news: News) => void;
}

/** How often a busy hand is waited for. */
const CLEARINGS = 5;
const COALESCE_MS = 300;
const FIRST_RETRY_MS = 1000;
const LAST_RETRY_MS = 30_000;
const ALONE: Surroundings = { journal: NO_JOURNAL, calm: () => Promise.resolve(), news: () => undefined };

export class SyncQueue<T extends Item = Annotation> {
  readonly imageId: string;
  readonly #store: Store<T>;
  readonly #ledger: Ledger<T>;
  readonly #replay: Replay<T>;
  readonly #transport: Transport<T>;
  readonly #around: Surroundings;
  readonly #listeners = new Set<() => void>();
  #sending = false;
  /** The present exchange with the server, or the last one. */
  #exchange: Promise<void> = Promise.resolve();
  #stopped = false;
  /** The newest revision heard of; where it is above ours, somebody else was here. */
  #heard = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #retryMs = FIRST_RETRY_MS;
  #status: SaveStatus<T> = { state: "saved", message: "", clashes: [], unsaved: 0, kept: true };

  constructor(
    imageId: string,
    store: Store<T>,
    remote: Remote<T>,
    transport: Transport<T>,
    around: Surroundings = ALONE,
  ) {
    this.imageId = imageId;
    this.#store = store;
    this.#ledger = new Ledger(store, remote);
    this.#replay = new Replay((set) => transport.save(imageId, set, false));
    this.#transport = transport;
    this.#around = around;
    store.observe(({ origin, changes }) => {
      if (origin !== "remote") this.#stroke(changes);
    });
  }

  get status(): SaveStatus<T> {
    return this.#status;
  }

  get revision(): number {
    return this.#ledger.revision;
  }

  /** Whether something here is not acknowledged by the server. */
  get isDirty(): boolean {
    return this.#ledger.sent !== null || this.#replay.isBusy || this.#ledger.unsaved > 0;
  }

  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Sends what is waiting now. With `keepalive` the request outlives the page. */
  async flush(keepalive = false): Promise<void> {
    clearTimeout(this.#timer);
    if (this.#stopped) return;
    if (this.#sending) {
      // A page that closes sends an unanswered set once more: its change id makes that harmless.
      if (keepalive && this.#ledger.sent) await this.#repeat(this.#ledger.sent);
      return;
    }
    this.#sending = true;
    this.#exchange = this.#send(keepalive);
    await this.#exchange;
  }

  /**
   * Makes changes that are a save of their own, so that the history can tell them and take them back alone: what waits
   * is sent before, and the id of their set begins with where they come from.
   */
  async apart(origin: string, make: () => void): Promise<void> {
    await this.#clear();
    const ids = new Set<string>();
    const stop = this.#store.observe(({ changes }) => {
      for (const change of changes) ids.add(changedId(change));
    });
    make();
    stop();
    if (ids.size === 0) return;
    this.#ledger.setApart(origin, ids);
    await this.flush();
  }

  /** Goes on with what former tabs left: their edits are merged with what the server has now, and become ours. */
  async adopt(adopted: readonly Adopted<T>[]): Promise<void> {
    if (adopted.length === 0) return;
    this.#replay.add(adopted);
    await this.flush();
  }

  /** Takes over a newer state of the server; while a set is unanswered it cannot be told apart from our own work. */
  async receive(remote: Remote<T>): Promise<void> {
    this.#heard = Math.max(this.#heard, remote.revision);
    await this.#around.calm();
    if (remote.revision <= this.revision || this.#ledger.sent || this.#stopped) return;
    this.#take(remote);
    this.#settle();
  }

  /** Asks the server whether somebody else was here; when it cannot be reached, a later event will tell. */
  async refresh(): Promise<void> {
    try {
      await this.receive(await this.#transport.load(this.imageId));
    } catch (error) {
      if (!(error instanceof Offline || error instanceof Refused)) throw error;
      if (!this.#replay.isBusy || this.#sending) return;
      this.#set("offline");
      this.#settle();
    }
  }

  /** Somebody saved this picture at `revision`. */
  notice(revision: number): void {
    this.#heard = Math.max(this.#heard, revision);
    if (revision > this.revision && !this.#sending) void this.refresh();
  }

  /** Answers a clash: keep what is here, or what the server has. */
  resolve(id: string, choice: "mine" | "theirs"): void {
    if (!this.#ledger.resolve(id, choice)) return;
    this.#note();
    if (this.#status.state !== "offline") this.#set("waiting");
    this.#settle();
  }

  /** Ends for good; what is waiting stays in the journal. */
  stop(): void {
    this.#stopped = true;
    clearTimeout(this.#timer);
  }

  #stroke(changes: readonly Change<T>[]): void {
    this.#ledger.touch(changes);
    // Where very many are told, the page shows first what became of them.
    if (changes.length > MANY) void breath().then(() => this.#note());
    else this.#note();
    this.#set(this.#status.state === "offline" ? "offline" : "waiting");
    if (!this.#sending && this.#status.state !== "offline") this.#schedule(COALESCE_MS);
  }

  async #send(keepalive: boolean): Promise<void> {
    try {
      await this.#sendNext(keepalive);
    } catch (error) {
      await this.#failed(error);
    } finally {
      this.#sending = false;
    }
    this.#settle();
  }

  /** Sends what waits, as far as the server takes it just now. */
  async #clear(): Promise<void> {
    await this.#exchange;
    const isStuck = (): boolean => ["offline", "refused"].includes(this.#status.state);
    for (let i = 0; i < CLEARINGS && this.#ledger.pending().length > 0 && !isStuck(); i++) await this.flush();
  }

  /** What former tabs have sent without an answer comes first; a page that closes has no time for it. */
  async #sendNext(keepalive: boolean): Promise<void> {
    if (this.#replay.isUnanswered && !keepalive) this.#heard = Math.max(this.#heard, await this.#replay.send());
    const set = this.#ledger.next();
    if (!set) {
      if (this.#status.state !== "saved") this.#set("waiting");
      return;
    }
    this.#note();
    if (this.#status.state !== "offline") this.#set("saving");
    this.#acknowledge(set, (await this.#transport.save(this.imageId, set, keepalive)).revision);
  }

  async #repeat(set: WireChangeSet<T>): Promise<void> {
    try {
      this.#acknowledge(set, (await this.#transport.save(this.imageId, set, true)).revision);
    } catch {
      // The first try has an answer of its own, or none.
    }
  }

  /** A set that was sent twice is answered twice. */
  #acknowledge(set: WireChangeSet<T>, revision: number): void {
    if (!this.#ledger.acknowledge(set, revision)) return;
    this.#note();
    this.#retryMs = FIRST_RETRY_MS;
    this.#set("waiting");
  }

  async #failed(error: unknown): Promise<void> {
    if (error instanceof Refused) {
      this.#ledger.withdraw();
      this.#note();
      this.#set("refused", error.message);
      return;
    }
    try {
      if (!(error instanceof Stale)) throw error;
      const remote = (error.current as Remote<T> | undefined) ?? (await this.#transport.load(this.imageId));
      await this.#around.calm();
      if (!this.#ledger.sent) return;
      this.#ledger.withdraw();
      this.#take(remote);
    } catch {
      this.#set("offline");
    }
  }

  #take(remote: Remote<T>): void {
    const since = this.revision;
    const changes = this.#ledger.take(remote).length;
    this.#note();
    this.#heard = Math.max(this.#heard, remote.revision);
    this.#retryMs = FIRST_RETRY_MS;
    this.#set("waiting");
    if (changes > 0) this.#around.news(this.imageId, { changes, since });
  }

  /** Decides what comes next: nothing, another set, another try, or a question. */
  #settle(): void {
    if (this.#sending || this.#stopped || this.#status.state === "refused") return;
    if (this.#status.state === "offline") {
      this.#schedule(this.#retryMs);
      this.#retryMs = Math.min(this.#retryMs * 2, LAST_RETRY_MS);
      return;
    }
    const upToDate = this.#heard <= this.revision;
    if (upToDate) this.#integrate();
    this.#set(this.isDirty ? "waiting" : "saved");
    if (this.#ledger.pending().length > 0) this.#schedule(COALESCE_MS);
    else if (!upToDate) void this.refresh();
  }

  /** What former tabs had drawn becomes ours; shapes that are under way here just now follow later. */
  #integrate(): void {
    if (!this.#replay.isBusy || this.#replay.isUnanswered) return;
    const finished = this.#replay.integrate((edits) => this.#ledger.adopt(edits));
    // Written down under our own name before it goes under the former one.
    this.#note();
    for (const drop of finished) drop();
  }

  /** Writes to the journal what the server does not have yet. */
  #note(): void {
    this.#around.journal.write(this.imageId, this.#ledger.draft());
  }

  #schedule(ms: number): void {
    clearTimeout(this.#timer);
    if (!this.#stopped) this.#timer = setTimeout(() => void this.flush(), ms);
  }

  #set(state: SaveState, message = ""): void {
    const ledger = this.#ledger;
    const { clashes } = ledger;
    const shown = state === "waiting" && clashes.length > 0 ? "conflict" : state;
    const kept = this.#around.journal.works;
    // Counted where somebody asks.
    this.#status = { state: shown, message, clashes, kept, get unsaved() { return ledger.unsaved; } }; // prettier-ignore
    for (const listener of [...this.#listeners]) listener();
  }
}
