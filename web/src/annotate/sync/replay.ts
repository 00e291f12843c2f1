/**
 * What tabs that are gone have left of one picture. Sets that were never answered are sent again under their own change
 * id first, because only the answer tells whether the server has them; then the edits are handed over.
 */
import type { Annotation, Item } from "../../canvas";
import { Refused, Stale } from "./failures";
import type { Adopted } from "./journal";
import type { Edit } from "./ledger";
import { byId, patched } from "./wire";
import type { WireChangeSet } from "./wire";

interface Work<T extends Item> {
  readonly key: string;
  sent: WireChangeSet<T> | null;
  edits: readonly Edit<T>[];
  readonly drop: () => void;
}

export class Replay<T extends Item = Annotation> {
  readonly #save: (set: WireChangeSet<T>) => Promise<{ readonly revision: number }>;
  #works: Work<T>[] = [];

  constructor(save: (set: WireChangeSet<T>) => Promise<{ readonly revision: number }>) {
    this.#save = save;
  }

  get isBusy(): boolean {
    return this.#works.length > 0;
  }

  get isUnanswered(): boolean {
    return this.#works.some(({ sent }) => sent !== null);
  }

  /** Takes in drafts, each of them once. */
  add(adopted: readonly Adopted<T>[]): void {
    const known = new Set(this.#works.map(({ key }) => key));
    for (const { key, draft, drop } of adopted.filter((one) => !known.has(one.key))) {
      const [base, mine] = [byId(draft.base), byId(draft.mine)];
      const edits = draft.ids.map((id) => ({ id, root: base.get(id), wanted: mine.get(id) }));
      this.#works.push({ key, sent: draft.inFlight, edits, drop });
    }
  }

  /** Gets the answers; returns the newest revision among them, or 0. Throws where nobody answers. */
  async send(): Promise<number> {
    let newest = 0;
    for (const work of this.#works) {
      if (!work.sent) continue;
      const revision = await this.#answer(work.sent);
      if (revision !== null) work.edits = rebased(work.edits, work.sent);
      work.sent = null;
      newest = Math.max(newest, revision ?? 0);
    }
    return newest;
  }

  /**
   * Hands the edits to `adopt`, which returns the ids that it has dealt with; what is left stays. Returns how to let those
   * drafts go that are done with.
   */
  integrate(adopt: (edits: readonly Edit<T>[]) => readonly string[]): readonly (() => void)[] {
    for (const work of this.#works) {
      const done = new Set(adopt(work.edits));
      work.edits = work.edits.filter(({ id }) => !done.has(id));
    }
    const finished = this.#works.filter(({ edits }) => edits.length === 0);
    this.#works = this.#works.filter(({ edits }) => edits.length > 0);
    return finished.map(({ drop }) => drop);
  }

  /** The revision that a set made, or null where the server has not taken it: its edits are merged like any others. */
  async #answer(set: WireChangeSet<T>): Promise<number | null> {
    try {
      return (await this.#save(set)).revision;
    } catch (error) {
      if (error instanceof Stale || error instanceof Refused) return null;
      throw error;
    }
  }
}

/** The edits as seen from the state that the answered set has made: what others did after it is no conflict. */
function rebased<T extends Item>(edits: readonly Edit<T>[], set: WireChangeSet<T>): readonly Edit<T>[] {
  const roots = new Map(edits.flatMap(({ id, root }) => (root ? [[id, root] as const] : [])));
  const saved = patched(roots, set.changes);
  return edits.map((edit) => ({ ...edit, root: saved.get(edit.id) }));
}
