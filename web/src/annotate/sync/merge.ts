/** Three states of a picture made one: what both sides started from, what the server has now, what is here. */
import { update } from "../../canvas";
import type { Annotation, Change } from "../../canvas";
import { alike } from "./wire";
import type { ById } from "./wire";

/** One shape that was changed here and elsewhere in different ways; undefined means deleted. */
export interface Clash {
  readonly id: string;
  readonly mine: Annotation | undefined;
  readonly theirs: Annotation | undefined;
}

export interface Merged {
  /** What has to change here to take over the work of others. */
  readonly incoming: readonly Change[];
  /** Where a person has to choose. */
  readonly clashes: readonly Clash[];
}

/** The change that turns one annotation into another, either of which may be missing. */
export function transition(from: Annotation | undefined, to: Annotation | undefined): Change | null {
  if (alike(from, to)) return null;
  if (!to) return from ? { op: "delete", annotation: from } : null;
  return from ? update(from, to) : { op: "create", annotation: to };
}

/** Merges by annotation id: a shape that only one side has changed needs no question. */
export function merge(base: ById, theirs: ById, mine: ById): Merged {
  const incoming: Change[] = [];
  const clashes: Clash[] = [];
  for (const id of new Set([...base.keys(), ...theirs.keys(), ...mine.keys()])) {
    const [old, other, own] = [base.get(id), theirs.get(id), mine.get(id)];
    if (alike(old, other) || alike(other, own)) continue;
    const change = alike(old, own) ? transition(own, other) : null;
    if (change) incoming.push(change);
    else clashes.push({ id, mine: own, theirs: other });
  }
  return { incoming, clashes };
}
