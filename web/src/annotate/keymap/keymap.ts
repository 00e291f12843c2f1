/** Which key does what: the table, a preset above it, and above both what a person has chosen. Never altered in place. */
import type { ActionId } from "../actions";
import type { Bindings, PresetName } from "./presets";
import { IMAGES } from "./scope";
import type { Scope } from "./scope";

/** What a browser remembers: changes are kept for each preset on its own, so that trying another one loses none. */
export interface Choice {
  readonly preset: PresetName;
  readonly own: Readonly<Partial<Record<PresetName, Bindings>>>;
}

export const START: Choice = { preset: "boxwright", own: {} };

/** A key belongs to the first who asks for it: a person, then the preset, then the table. */
function resolved(
  scope: Scope,
  levels: readonly Bindings[],
): { byKey: Map<string, ActionId>; keys: Map<ActionId, string[]> } {
  const byKey = new Map<string, ActionId>();
  const keys = new Map<ActionId, string[]>();
  for (const level of levels) {
    for (const { id } of scope.actions) {
      const wanted = level[id];
      if (wanted === undefined || keys.has(id)) continue;
      const free = wanted.filter((key) => !byKey.has(key));
      for (const key of free) byKey.set(key, id);
      keys.set(id, free);
    }
  }
  return { byKey, keys };
}

export class Keymap {
  readonly choice: Choice;
  readonly scope: Scope;
  readonly #byKey: ReadonlyMap<string, ActionId>;
  readonly #keys: ReadonlyMap<ActionId, readonly string[]>;

  constructor(choice: Choice = START, scope: Scope = IMAGES) {
    this.choice = choice;
    this.scope = scope;
    const { byKey, keys } = resolved(scope, [this.#own, scope.bindings[choice.preset], this.#defaults]);
    this.#byKey = byKey;
    this.#keys = keys;
  }

  get preset(): PresetName {
    return this.choice.preset;
  }

  get isChanged(): boolean {
    return Object.keys(this.#own).some((id) => this.#ids.has(id));
  }

  keysOf(id: ActionId): readonly string[] {
    return this.#keys.get(id) ?? [];
  }

  /** The key for hints on buttons; empty where the action has none. */
  keyOf(id: ActionId): string {
    return this.keysOf(id)[0] ?? "";
  }

  idFor(key: string): ActionId | undefined {
    return this.#byKey.get(key);
  }

  /** Whether a person has changed the keys of this action. */
  isOwn(id: ActionId): boolean {
    return this.#own[id] !== undefined;
  }

  withPreset(preset: PresetName): Choice {
    return { ...this.choice, preset };
  }

  /** Gives the key to this action, and takes it from whoever has it. */
  bound(id: ActionId, key: string): Choice {
    const taker = { [id]: [...this.keysOf(id).filter((one) => one !== key), key] };
    const holder = this.idFor(key);
    if (holder === undefined || holder === id) return this.#with({ ...this.#own, ...taker });
    return this.#with({ ...this.#own, [holder]: this.keysOf(holder).filter((one) => one !== key), ...taker });
  }

  unbound(id: ActionId, key: string): Choice {
    return this.#with({ ...this.#own, [id]: this.keysOf(id).filter((one) => one !== key) });
  }

  /** Gives this action the keys of the preset again, also those that a person has given to another one. */
  reset(id: ActionId): Choice {
    const theirs = this.scope.bindings[this.preset][id] ?? this.#defaults[id] ?? [];
    const others = Object.entries(this.#own).filter(([name]) => name !== id);
    return this.#with(
      Object.fromEntries(others.map(([name, keys]) => [name, keys.filter((key) => !theirs.includes(key))])),
    );
  }

  resetAll(): Choice {
    return this.#with(Object.fromEntries(Object.entries(this.#own).filter(([id]) => !this.#ids.has(id))));
  }

  get #ids(): ReadonlySet<ActionId> {
    return new Set(this.scope.actions.map(({ id }) => id));
  }

  get #defaults(): Bindings {
    return Object.fromEntries(this.scope.actions.map(({ id, keys }) => [id, keys]));
  }

  get #own(): Bindings {
    return this.choice.own[this.choice.preset] ?? {};
  }

  #with(own: Bindings): Choice {
    return { ...this.choice, own: { ...this.choice.own, [this.preset]: own } };
  }
}
