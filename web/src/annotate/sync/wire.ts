/** What a save sends, and how far two states of a picture are apart. */
import { same } from "../../canvas";
import type { Annotation } from "../../canvas";

/** `boxwright.domain.annotations.Upsert` or `Delete`. */
export type WireChange =
  { readonly op: "upsert"; readonly annotation: Annotation } | { readonly op: "delete"; readonly id: string };

/** `boxwright.domain.annotations.ChangeSet`: the same `change_id` sent again returns the first answer. */
export interface WireChangeSet {
  readonly change_id: string;
  readonly base_revision: number;
  readonly changes: readonly WireChange[];
}

/** The annotations of a picture as the server has them at one revision. */
export interface Remote {
  readonly revision: number;
  readonly annotations: readonly Annotation[];
}

export type ById = ReadonlyMap<string, Annotation>;

export const byId = (annotations: Iterable<Annotation>): Map<string, Annotation> =>
  new Map(Array.from(annotations, (annotation) => [annotation.id, annotation]));

/** Whether both sides have the same annotation, or both have none. The server notes the author, so that field tells nothing. */
export const alike = (a: Annotation | undefined, b: Annotation | undefined): boolean =>
  a === b || (a !== undefined && b !== undefined && same({ ...a, author_id: null }, { ...b, author_id: null }));

/** The changes that turn `base` into `wanted`, looking only at `ids`. Undone edits leave nothing to send. */
export function difference(
  base: ById,
  wanted: (id: string) => Annotation | undefined,
  ids: Iterable<string>,
): WireChange[] {
  const changes: WireChange[] = [];
  for (const id of ids) {
    const [before, after] = [base.get(id), wanted(id)];
    if (alike(before, after)) continue;
    if (after) changes.push({ op: "upsert", annotation: after });
    else changes.push({ op: "delete", id });
  }
  return changes;
}

/** `base` after `changes`. */
export function patched(base: ById, changes: readonly WireChange[]): Map<string, Annotation> {
  const result = new Map(base);
  for (const change of changes) {
    if (change.op === "delete") result.delete(change.id);
    else result.set(change.annotation.id, change.annotation);
  }
  return result;
}

export const idOf = (change: WireChange): string => (change.op === "delete" ? change.id : change.annotation.id);
