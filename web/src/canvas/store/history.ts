/** Undo and redo without limit. Only sets of this hand are recorded; those of others stay where they are. */
import { changedId, changeSet, inverseOf } from "./changes";
import type { Annotation, Change, ChangeSet, Item } from "./changes";
import type { Store } from "./store";

/** Something beside the shapes that a step has done: how to take it back, and how to do it again. */
export interface Effect {
  readonly undo: () => void;
  readonly redo: () => void;
}

/** The steps of undo as an editor takes them: those of a picture, or of the tracks of a video. */
export interface Steps {
  readonly canUndo: boolean;
  readonly canRedo: boolean;
  undo(): ChangeSet<Item> | null;
  redo(): ChangeSet<Item> | null;
  record(changes: readonly Change[], effect: Effect): unknown;
  seal(): void;
}

interface Step<T extends Item> {
  readonly set: ChangeSet<T>;
  readonly effect?: Effect;
}

export class History<T extends Item = Annotation> {
  readonly #store: Store<T>;
  #done: Step<T>[] = [];
  #undone: Step<T>[] = [];

  constructor(store: Store<T>) {
    this.#store = store;
    store.observe((set) => {
      if (set.origin === "local") this.#record(set);
    });
  }

  get canUndo(): boolean {
    return this.#done.length > 0;
  }

  get canRedo(): boolean {
    return this.#undone.length > 0;
  }

  /** Takes the last step back; returns what changed, or null when nothing is left to undo. */
  undo(): ChangeSet<T> | null {
    return this.#step(this.#done, this.#undone, "undo");
  }

  redo(): ChangeSet<T> | null {
    return this.#step(this.#undone, this.#done, "redo");
  }

  /** Makes changes (there may be none) one step with something else that is done already. */
  record(changes: readonly Change<T>[], effect: Effect): ChangeSet<T> {
    const set = this.#store.apply(changeSet("local", changes));
    if (set.changes.length > 0) this.#done.pop();
    this.#undone = [];
    this.#done.push({ set, effect });
    return set;
  }

  /** Ends a row of merged steps: the next one is a step of its own. */
  seal(): void {
    const last = this.#done.at(-1);
    if (!last) return;
    const { id, origin, changes } = last.set;
    this.#done[this.#done.length - 1] = { ...last, set: { id, origin, changes } };
  }

  #record(set: ChangeSet<T>): void {
    this.#undone = [];
    const last = this.#done.at(-1);
    if (last && set.merge !== undefined && last.set.merge === set.merge) {
      this.#done[this.#done.length - 1] = { set: { ...set, changes: joined(last.set.changes, set.changes) } };
    } else {
      this.#done.push({ set });
    }
  }

  /** Inverts the last set of `from`; steps that others have made void are passed over. */
  #step(from: Step<T>[], to: Step<T>[], way: keyof Effect): ChangeSet<T> | null {
    for (let step = from.pop(); step; step = from.pop()) {
      const set = this.#store.apply(changeSet("undo", inverseOf(step.set)));
      if (set.changes.length > 0 || step.effect) {
        to.push({ ...step, set });
        step.effect?.[way]();
        return set;
      }
    }
    return null;
  }
}

/** Two rows of updates in one: the first `before`, the last `after`. */
function joined<T extends Item>(first: readonly Change<T>[], second: readonly Change<T>[]): readonly Change<T>[] {
  const changes = new Map(first.map((change) => [changedId(change), change]));
  for (const change of second) {
    const known = changes.get(changedId(change));
    const both = known?.op === "update" && change.op === "update";
    changes.set(
      changedId(change),
      both
        ? {
            ...change,
            before: { ...change.before, ...known.before },
            after: { ...known.after, ...change.after },
          }
        : change,
    );
  }
  return [...changes.values()];
}
