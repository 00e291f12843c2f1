/** The annotations of one picture, or the tracks of one video. Only ChangeSets alter them; observers see what really changed. */
import { changedId, changeSet, update } from "./changes";
import type { Annotation, Change, ChangeSet, Item, Patch } from "./changes";
import { same } from "./same";

export type Observer<T extends Item = Annotation> = (set: ChangeSet<T>) => void;

export class Store<T extends Item = Annotation> {
  readonly #byId = new Map<string, T>();
  readonly #observers = new Set<Observer<T>>();
  /** Made when it is asked for: many look at all of them after each change. */
  #all: readonly T[] | null = null;

  constructor(annotations: Iterable<T> = []) {
    for (const annotation of annotations) this.#byId.set(annotation.id, annotation);
  }

  get size(): number {
    return this.#byId.size;
  }

  get(id: string): T | undefined {
    return this.#byId.get(id);
  }

  has(id: string): boolean {
    return this.#byId.has(id);
  }

  /** All annotations in the order in which they came. */
  all(): readonly T[] {
    this.#all ??= [...this.#byId.values()];
    return this.#all;
  }

  /** Calls `observer` after each set that changed something; returns the way to stop it. */
  observe(observer: Observer<T>): () => void {
    this.#observers.add(observer);
    return () => this.#observers.delete(observer);
  }

  /**
   * Applies a set and returns what of it took effect. A change whose annotation is gone, or there already, is left out:
   * that happens when somebody else was quicker, and is no error.
   */
  apply(set: ChangeSet<T>): ChangeSet<T> {
    const effective: Change<T>[] = [];
    this.#all = null;
    for (const change of set.changes) {
      const done = this.#applyOne(change);
      if (done) effective.push(done);
    }
    const applied = { ...set, changes: effective };
    if (effective.length > 0) for (const observer of [...this.#observers]) observer(applied);
    return applied;
  }

  /** Makes the content equal to `annotations`: the newer state of the server. */
  replace(annotations: readonly T[]): ChangeSet<T> {
    const wanted = new Map(annotations.map((annotation) => [annotation.id, annotation]));
    const gone = this.all().filter(({ id }) => !wanted.has(id));
    const changes: Change<T>[] = gone.map((annotation) => ({ op: "delete", annotation }));
    for (const annotation of annotations) {
      const known = this.#byId.get(annotation.id);
      if (!known) changes.push({ op: "create", annotation });
      else changes.push(update(known, annotation));
    }
    return this.apply(changeSet("remote", changes));
  }

  #applyOne(change: Change<T>): Change<T> | null {
    const id = changedId(change);
    const known = this.#byId.get(id);
    if (change.op === "create") {
      if (known) return null;
      this.#byId.set(id, change.annotation);
      return change;
    }
    if (!known) return null;
    if (change.op === "delete") {
      this.#byId.delete(id);
      return { op: "delete", annotation: known };
    }
    const real = update(known, differing(known, change.after));
    if (real.op !== "update" || Object.keys(real.after).length === 0) return null;
    this.#byId.set(id, { ...known, ...real.after });
    return real;
  }
}

/** The fields of `patch` whose value is not there already. */
function differing<T extends Item>(known: T, patch: Patch<T>): Patch<T> {
  const fields = Object.entries(patch) as [keyof T, unknown][];
  return Object.fromEntries(fields.filter(([key, value]) => !same(known[key], value))) as Patch<T>;
}
