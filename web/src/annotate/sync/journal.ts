/**
 * What was drawn and not yet acknowledged, in IndexedDB: a closed tab, a crash or a dead server loses no stroke. Each
 * tab writes its own drafts; those of a tab that is gone are adopted by whoever opens the picture next.
 */
import { openDB } from "idb";
import type { DBSchema, IDBPDatabase } from "idb";

import { newId } from "../../canvas";
import type { Annotation, Item } from "../../canvas";
import { packed, unpacked } from "./packing";
import type { Packed } from "./packing";
import { breath, MANY } from "./slices";
import type { WireChangeSet } from "./wire";

/** The unsaved work on one picture, or on the tracks of one video. */
export interface Draft<T extends Item = Annotation> {
  /** Revision of the server that `base` belongs to. */
  readonly revision: number;
  /** Ids that were edited since. */
  readonly ids: readonly string[];
  /** What the server had of them, and what they are now; a deleted or new one is missing on its side. */
  readonly base: readonly T[];
  readonly mine: readonly T[];
  /** Sent but not answered: its change id tells the server that it knows it already. */
  readonly inFlight: WireChangeSet<T> | null;
}

/** A draft that was taken over, with the way to let it go once it lives on elsewhere. */
export interface Adopted<T extends Item = Annotation> {
  readonly key: string;
  readonly draft: Draft<T>;
  readonly drop: () => void;
}

export interface Journal {
  /** Whether this browser keeps anything. */
  readonly works: boolean;
  /** Whether all that was written is on this computer's disk. */
  readonly kept: boolean;
  /** Puts the draft of a picture in the place of the former one; null when nothing is left to save. */
  write(imageId: string, draft: Draft<Item> | null): void;
  /** Takes over what vanished tabs left of a picture. */
  adopt<T extends Item = Annotation>(imageId: string): Promise<readonly Adopted<T>[]>;
  /** Pictures of which vanished tabs left something; `onMore` is called when another tab that has something vanishes. */
  left(onMore?: () => void): Promise<readonly string[]>;
}

interface Entry {
  readonly key: string;
  readonly user: string;
  readonly imageId: string;
  readonly tab: string;
  readonly written: number;
  /** Of very many shapes as text. */
  readonly draft: Draft<Item> | Packed;
}

interface Schema extends DBSchema {
  drafts: { key: string; value: Entry; indexes: { user: string } };
}

const DATABASE = "boxwright-journal";
const LOCK = "boxwright-tab-";
/** Work on a picture that can no longer be opened is given up after this time. */
const GIVEN_UP_MS = 90 * 86_400_000;

export class IndexedJournal implements Journal {
  readonly #user: string;
  readonly #tab = newId();
  readonly #letGo: () => void;
  readonly #opened: Promise<IDBPDatabase<Schema>>;
  readonly #watched = new Set<string>();
  /** What comes after the draft that is just being packed, by key: the newest one only. */
  readonly #next = new Map<string, Draft<Item> | null | undefined>();
  #waiting = 0;
  #broken = false;

  constructor(user: string) {
    this.#user = user;
    this.#letGo = holdLock(LOCK + this.#tab);
    this.#opened = open();
    this.#opened.catch(() => (this.#broken = true));
  }

  get works(): boolean {
    return !this.#broken;
  }

  get kept(): boolean {
    return !this.#broken && this.#waiting === 0;
  }

  write(imageId: string, draft: Draft<Item> | null): void {
    const key = this.#key(imageId);
    if (this.#next.has(key)) this.#next.set(key, draft);
    else if (draft && draft.ids.length > MANY) void this.#pack(imageId, draft);
    else this.#put(imageId, draft);
  }

  #put(imageId: string, draft: Draft<Item> | Packed | null): void {
    const key = this.#key(imageId);
    if (!draft) void this.#do((db) => db.delete("drafts", key));
    else {
      const entry = { key, user: this.#user, imageId, tab: this.#tab, written: Date.now(), draft };
      void this.#do((db) => {
        // A power cut, too: the browser waits for the disk, we do not wait for the browser.
        const change = db.transaction("drafts", "readwrite", { durability: "strict" });
        return Promise.all([change.store.put(entry), change.done]);
      });
    }
  }

  /** Packs and writes very many shapes, and then what has come meanwhile: each is written, however busy the hand is. */
  async #pack(imageId: string, draft: Draft<Item>): Promise<void> {
    const key = this.#key(imageId);
    this.#next.set(key, undefined);
    this.#waiting++;
    await breath();
    // What cannot be packed is copied by the browser, slowly.
    this.#put(imageId, await packed(draft).catch(() => draft));
    this.#waiting--;
    const next = this.#next.get(key);
    this.#next.delete(key);
    if (next !== undefined) this.write(imageId, next);
  }

  async adopt<T extends Item = Annotation>(imageId: string): Promise<readonly Adopted<T>[]> {
    const living = await heldLocks();
    const found: Adopted<T>[] = [];
    await this.#do(async (db) => {
      // One transaction: of two tabs that look at the same time only one takes it over.
      const change = db.transaction("drafts", "readwrite");
      for (const entry of await change.store.index("user").getAll(this.#user)) {
        if (entry.imageId !== imageId || !this.#isLeft(entry, living)) continue;
        await change.store.put({ ...entry, tab: this.#tab });
        found.push({
          key: entry.key,
          draft: ("lines" in entry.draft ? unpacked(entry.draft) : entry.draft) as Draft<T>,
          drop: () => void this.#do((open) => this.#drop(open, entry)),
        });
      }
      await change.done;
    });
    return found;
  }

  async left(onMore?: () => void): Promise<readonly string[]> {
    const living = await heldLocks();
    const images = new Set<string>();
    await this.#do(async (db) => {
      for (const entry of await db.getAllFromIndex("drafts", "user", this.#user)) {
        if (!this.#isLeft(entry, living)) {
          if (onMore && entry.tab !== this.#tab) this.#watch(entry.tab, onMore);
        } else if (entry.written < Date.now() - GIVEN_UP_MS) await db.delete("drafts", entry.key);
        else images.add(entry.imageId);
      }
    });
    return [...images];
  }

  /** Somebody else is signed in now: what is here may be adopted when its owner comes back. */
  close(): void {
    this.#letGo();
  }

  /** Deletes what was taken over, unless its tab was not gone after all and has written since. */
  async #drop(db: IDBPDatabase<Schema>, { key, written }: Entry): Promise<void> {
    const change = db.transaction("drafts", "readwrite");
    const now = await change.store.get(key);
    if (now?.tab === this.#tab && now.written === written) await change.store.delete(key);
    await change.done;
  }

  /** Waits for the end of another tab; once is enough. */
  #watch(tab: string, onEnd: () => void): void {
    if (this.#watched.has(tab)) return;
    this.#watched.add(tab);
    void locks()
      ?.request(LOCK + tab, { mode: "shared" }, () => undefined)
      .then(onEnd);
  }

  #key(imageId: string): string {
    return [this.#user, imageId, this.#tab].join(" ");
  }

  /** Whether its tab is gone; what this tab took over and could not open yet counts too. */
  #isLeft({ key, imageId, tab }: Entry, living: ReadonlySet<string>): boolean {
    return tab === this.#tab ? key !== this.#key(imageId) : !living.has(LOCK + tab);
  }

  /** Without a database (private mode, full disk) saving goes on over the network alone. */
  async #do(work: (db: IDBPDatabase<Schema>) => Promise<unknown>): Promise<void> {
    this.#waiting++;
    try {
      await work(await this.#opened);
    } catch {
      this.#broken = true;
    } finally {
      this.#waiting--;
    }
  }
}

/** Async, since some browsers throw at once where they keep nothing. */
async function open(): Promise<IDBPDatabase<Schema>> {
  return await openDB<Schema>(DATABASE, 1, {
    upgrade: (db) => db.createObjectStore("drafts", { keyPath: "key" }).createIndex("user", "user"),
  });
}

/** Nothing is kept: before anybody is known to be signed in. */
export const NO_JOURNAL: Journal = {
  works: false,
  kept: false,
  write: () => undefined,
  adopt: () => Promise.resolve([]),
  left: () => Promise.resolve([]),
};

/** Held until the returned function is called or the tab ends, whatever ends it. */
function holdLock(name: string): () => void {
  let letGo: () => void = () => undefined;
  const end = new Promise<void>((resolve) => (letGo = resolve));
  void locks()?.request(name, () => end);
  return letGo;
}

async function heldLocks(): Promise<ReadonlySet<string>> {
  const { held = [] } = (await locks()?.query()) ?? {};
  return new Set(held.filter(({ mode }) => mode !== "shared").map(({ name }) => name ?? ""));
}

/** Browsers offer locks on secure pages only: over plain HTTP from another machine every former tab counts as gone. */
const locks = (): LockManager | undefined => ("locks" in navigator ? navigator.locks : undefined);
