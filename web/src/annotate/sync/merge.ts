/** Three states of a picture made one: what both sides started from, what the server has now, what is here. */
import { update } from "../../canvas";
import type { Annotation, Change, Item } from "../../canvas";
import { alike } from "./wire";
import type { ById } from "./wire";

/** One shape that was changed here and elsewhere in different ways; undefined means deleted. */
export interface Clash<T extends Item = Annotation> {
  readonly id: string;
  readonly mine: T | undefined;
  readonly theirs: T | undefined;
}

export interface Merged<T extends Item> {
  /** What has to change here to take over the work of others. */
  readonly incoming: readonly Change<T>[];
  /** Where a person has to choose. */
  readonly clashes: readonly Clash<T>[];
}

/** The change that turns one annotation into another, either of which may be missing. */
export function transition<T extends Item>(from: T | undefined, to: T | undefined): Change<T> | null {
  if (alike(from, to)) return null;
  if (!to) return from ? { op: "delete", annotation: from } : null;
  return from ? update(from, to) : { op: "create", annotation: to };
}

/** Merges by annotation id: a shape that only one side has changed needs no question. */
export function merge<T extends Item>(base: ById<T>, theirs: ById<T>, mine: ById<T>): Merged<T> {
  const incoming: Change<T>[] = [];
  const clashes: Clash<T>[] = [];
  for (const id of new Set([...base.keys(), ...theirs.keys(), ...mine.keys()])) {
    const [old, other, own] = [base.get(id), theirs.get(id), mine.get(id)];
    if (alike(old, other) || alike(other, own)) continue;
    const change = alike(old, own) ? transition(own, other) : null;
    if (change) incoming.push(change);
    else clashes.push({ id, mine: own, theirs: other });
  }
  return { incoming, clashes };
}
