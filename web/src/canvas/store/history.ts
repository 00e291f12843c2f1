/** Undo and redo without limit. Only sets of this hand are recorded; those of others stay where they are. */
import { changedId, changeSet, inverseOf } from "./changes";
import type { Change, ChangeSet } from "./changes";
import type { Store } from "./store";

/** Something beside the shapes that a step has done: how to take it back, and how to do it again. */
export interface Effect {
  readonly undo: () => void;
  readonly redo: () => void;
}

interface Step {
  readonly set: ChangeSet;
  readonly effect?: Effect;
}

export class History {
  readonly #store: Store;
  #done: Step[] = [];
  #undone: Step[] = [];

  constructor(store: Store) {
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
  undo(): ChangeSet | null {
    return this.#step(this.#done, this.#undone, "undo");
  }

  redo(): ChangeSet | null {
    return this.#step(this.#undone, this.#done, "redo");
  }

  /** Makes changes (there may be none) one step with something else that is done already. */
  record(changes: readonly Change[], effect: Effect): ChangeSet {
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

  #record(set: ChangeSet): void {
    this.#undone = [];
    const last = this.#done.at(-1);
    if (last && set.merge !== undefined && last.set.merge === set.merge) {
      this.#done[this.#done.length - 1] = { set: { ...set, changes: joined(last.set.changes, set.changes) } };
    } else {
      this.#done.push({ set });
    }
  }

  /** Inverts the last set of `from`; steps that others have made void are passed over. */
  #step(from: Step[], to: Step[], way: keyof Effect): ChangeSet | null {
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
function joined(first: readonly Change[], second: readonly Change[]): readonly Change[] {
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
