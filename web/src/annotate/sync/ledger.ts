/**
 * The books of one picture: what the server is known to have, what is here, what is on its way and what a person has to
 * decide. Knows neither clocks nor the network.
 */
import { changedId, changeSet, newId } from "../../canvas";
import type { Annotation, Change, Item, Store } from "../../canvas";
import type { Draft } from "./journal";
import { merge, transition } from "./merge";
import type { Clash } from "./merge";
import { alike, byId, difference, idOf, patched } from "./wire";
import type { ById, Remote, WireChange, WireChangeSet } from "./wire";

/** The server takes 10,000 changes at once; what is left follows in the next set. */
const MAX_CHANGES = 5000;

/** Changes that are a save of their own, and what the id of their set begins with: it tells where they come from. */
interface Apart {
  readonly origin: string;
  readonly ids: ReadonlySet<string>;
}

/** One shape of another tab: what it had started from and what it became there; undefined where there was none. */
export interface Edit<T extends Item = Annotation> {
  readonly id: string;
  readonly root: T | undefined;
  readonly wanted: T | undefined;
}

export class Ledger<T extends Item = Annotation> {
  readonly #store: Store<T>;
  #base: ById<T>;
  #revision: number;
  /** Ids edited here since the server last agreed. */
  readonly #touched = new Set<string>();
  /** Ids that wait for a decision, with what both sides had started from. */
  readonly #held = new Map<string, T | undefined>();
  #sent: WireChangeSet<T> | null = null;
  #apart: Apart | null = null;
  /** What the server has to be told, until something changes: where thousands wait it is asked for again and again. */
  #pending: readonly WireChange<T>[] | null = null;

  constructor(store: Store<T>, remote: Remote<T>) {
    this.#store = store;
    store.observe(() => (this.#pending = null));
    this.#base = byId(remote.annotations);
    this.#revision = remote.revision;
  }

  get revision(): number {
    return this.#revision;
  }

  /** Sent, but not answered yet: whatever happens, this very set is sent again. */
  get sent(): WireChangeSet<T> | null {
    return this.#sent;
  }

  get clashes(): readonly Clash<T>[] {
    return Array.from(this.#held.keys(), (id) => ({
      id,
      mine: this.#store.get(id),
      theirs: this.#base.get(id),
    }));
  }

  /** Every id that is not the same here and there, decided or not. */
  get unsaved(): number {
    return this.pending().length + this.#held.size;
  }

  /** What the server has to be told. */
  pending(): readonly WireChange<T>[] {
    if (this.#pending) return this.#pending;
    const ids = Array.from(this.#touched).filter((id) => !this.#held.has(id));
    return (this.#pending = difference(this.#base, (id): T | undefined => this.#store.get(id), ids));
  }

  /** Notes strokes. A shape that now is as the others want it needs no decision any more. */
  touch(changes: readonly Change<T>[]): void {
    this.#pending = null;
    for (const id of changes.map((change) => changedId(change))) {
      this.#touched.add(id);
      if (this.#held.has(id) && alike(this.#store.get(id), this.#base.get(id))) this.#held.delete(id);
    }
  }

  /** Lets the next set hold nothing but these, under an id that tells where they come from. */
  setApart(origin: string, ids: ReadonlySet<string>): void {
    this.#apart = { origin: `${origin}:`, ids };
  }

  /** Begins the next set, or returns the one that is unanswered. */
  next(): WireChangeSet<T> | null {
    if (this.#sent) return this.#sent;
    const pending = this.pending();
    if (pending.length === 0) return null;
    const { changes, origin } = this.#nextOf(pending);
    this.#sent = {
      change_id: `${origin}${newId()}`,
      base_revision: this.#revision,
      changes: changes.slice(0, MAX_CHANGES),
    };
    return this.#sent;
  }

  /** What stays apart goes first; nothing of it is left where it was undone meanwhile. */
  #nextOf(pending: readonly WireChange<T>[]): { readonly changes: readonly WireChange<T>[]; readonly origin: string } {
    const apart = this.#apart;
    const changes = apart ? pending.filter((change) => apart.ids.has(idOf(change))) : [];
    if (apart && changes.length > 0) return { changes, origin: apart.origin };
    this.#apart = null;
    return { changes: pending, origin: "" };
  }

  /** The server has a set; false where it was answered before. */
  acknowledge(set: WireChangeSet<T>, revision: number): boolean {
    if (this.#sent?.change_id !== set.change_id) return false;
    this.#base = patched(this.#base, set.changes);
    this.#pending = null;
    this.#revision = Math.max(this.#revision, revision);
    this.#sent = null;
    if (this.#apart && set.change_id.startsWith(this.#apart.origin)) this.#apart = null;
    this.#forget();
    return true;
  }

  /** The server has not taken the set; its changes stay to be sent. */
  withdraw(): void {
    this.#sent = null;
  }

  /** Merges a newer state of the server; returns what changed here. Nothing may be unanswered. */
  take({ revision, annotations }: Remote<T>): readonly Change<T>[] {
    const theirs = byId(annotations);
    const { incoming, clashes } = merge(this.#roots(), theirs, byId(this.#store.all()));
    const roots = clashes.map(({ id }) => [id, this.#root(id)] as const);
    this.#held.clear();
    for (const [id, root] of roots) this.#held.set(id, root);
    this.#base = theirs;
    this.#pending = null;
    this.#revision = revision;
    const applied = this.#store.apply(changeSet("remote", incoming));
    this.#forget();
    return applied.changes;
  }

  /**
   * Takes over edits that another tab has left. Returns the ids that are dealt with: those still under way here have to
   * wait.
   */
  adopt(edits: readonly Edit<T>[]): readonly string[] {
    const busy = new Set([...this.#held.keys(), ...this.pending().map((change) => idOf(change))]);
    const ready = edits.filter(({ id }) => !busy.has(id));
    for (const edit of ready) this.#adoptOne(edit);
    return ready.map(({ id }) => id);
  }

  /** Answers a clash: keep what is here, or what the server has. */
  resolve(id: string, choice: "mine" | "theirs"): boolean {
    if (!this.#held.delete(id)) return false;
    this.#pending = null;
    if (choice === "mine") {
      this.#touched.add(id);
    } else {
      this.#become(id, this.#base.get(id));
      this.#forget();
    }
    return true;
  }

  /** What the journal keeps: every shape in question, with what both sides had started from. Null when there is none. */
  draft(): Draft<T> | null {
    const sent = new Set(this.#sent?.changes.map((change) => idOf(change)));
    const pending = new Set(this.pending().map((change) => idOf(change)));
    const open = (id: string): boolean =>
      sent.has(id) || (this.#held.has(id) ? !alike(this.#held.get(id), this.#store.get(id)) : pending.has(id));
    const ids = [...new Set([...this.#touched, ...sent])].filter(open);
    if (ids.length === 0) return null;
    return {
      revision: this.#revision,
      ids,
      base: ids.flatMap((id) => this.#root(id) ?? []),
      mine: ids.flatMap((id) => this.#store.get(id) ?? []),
      inFlight: this.#sent,
    };
  }

  #adoptOne({ id, root, wanted }: Edit<T>): void {
    const own = this.#store.get(id);
    if (alike(root, wanted) || alike(own, wanted)) return;
    if (!alike(own, root)) this.#held.set(id, root);
    this.#become(id, wanted);
    this.#touched.add(id);
    this.#pending = null;
  }

  #become(id: string, wanted: T | undefined): void {
    const change = transition(this.#store.get(id), wanted);
    if (change) this.#store.apply(changeSet("remote", [change]));
  }

  #root(id: string): T | undefined {
    return this.#held.has(id) ? this.#held.get(id) : this.#base.get(id);
  }

  /** What both sides started from: the state of the server, except where a decision is open. */
  #roots(): ById<T> {
    const roots = new Map(this.#base);
    for (const [id, root] of this.#held) {
      if (root) roots.set(id, root);
      else roots.delete(id);
    }
    return roots;
  }

  /** Drops the ids on which both sides agree again. */
  #forget(): void {
    this.#pending = null;
    const open = new Set([...this.pending().map((change) => idOf(change)), ...this.#held.keys()]);
    for (const id of this.#touched) if (!open.has(id)) this.#touched.delete(id);
  }
}
