/** What a save sends, and how far two states of a picture are apart. */
import { same } from "../../canvas";
import type { Annotation, Item } from "../../canvas";

/** `boxwright.domain.annotations.Upsert` or `Delete`; of a video the same with its tracks, which the transport names so. */
export type WireChange<T extends Item = Annotation> =
  { readonly op: "upsert"; readonly annotation: T } | { readonly op: "delete"; readonly id: string };

/** `boxwright.domain.annotations.ChangeSet`: the same `change_id` sent again returns the first answer. */
export interface WireChangeSet<T extends Item = Annotation> {
  readonly change_id: string;
  readonly base_revision: number;
  readonly changes: readonly WireChange<T>[];
}

/** The annotations of a picture as the server has them at one revision. */
export interface Remote<T extends Item = Annotation> {
  readonly revision: number;
  readonly annotations: readonly T[];
}

export type ById<T extends Item = Annotation> = ReadonlyMap<string, T>;

export const byId = <T extends Item>(annotations: Iterable<T>): Map<string, T> =>
  new Map(Array.from(annotations, (annotation) => [annotation.id, annotation]));

/** Whether both sides have the same annotation, or both have none. The server notes the author, so that field tells nothing. */
export const alike = <T extends Item>(a: T | undefined, b: T | undefined): boolean =>
  a === b || (a !== undefined && b !== undefined && sameButAuthor(a, b));

type Fields = Readonly<Record<string, unknown>>;

/** Neither copies nor lists are made: where thousands wait, each stroke asks it of all of them. */
function sameButAuthor(a: object, b: object): boolean {
  const [left, right] = [a as Fields, b as Fields];
  let more = 0;
  for (const key in left) {
    if (key === "author_id") continue;
    more++;
    if (!same(left[key], right[key])) return false;
  }
  for (const key in right) if (key !== "author_id") more--;
  return more === 0;
}

/** The changes that turn `base` into `wanted`, looking only at `ids`. Undone edits leave nothing to send. */
export function difference<T extends Item>(
  base: ById<T>,
  wanted: (id: string) => T | undefined,
  ids: Iterable<string>,
): WireChange<T>[] {
  const changes: WireChange<T>[] = [];
  for (const id of ids) {
    const [before, after] = [base.get(id), wanted(id)];
    if (alike(before, after)) continue;
    if (after) changes.push({ op: "upsert", annotation: after });
    else changes.push({ op: "delete", id });
  }
  return changes;
}

/** `base` after `changes`. */
export function patched<T extends Item>(base: ById<T>, changes: readonly WireChange<T>[]): Map<string, T> {
  const result = new Map(base);
  for (const change of changes) {
    if (change.op === "delete") result.delete(change.id);
    else result.set(change.annotation.id, change.annotation);
  }
  return result;
}

export const idOf = <T extends Item>(change: WireChange<T>): string =>
  change.op === "delete" ? change.id : change.annotation.id;
