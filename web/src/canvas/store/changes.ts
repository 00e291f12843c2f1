/** ChangeSets: the one way in which annotations change, whoever asks. They drive drawing, undo, saving and syncing. */
import type { Geometry } from "../geometry/types";
import { newId } from "../ids";
import { same } from "./same";

export type AttributeValue = string | number | boolean | null;

/** A shape with a class on one picture; field for field `boxwright.domain.annotations.Annotation`. */
export interface Annotation {
  readonly id: string;
  readonly class_id: string;
  readonly geometry: Geometry;
  readonly source: "manual" | "import" | "model";
  readonly state: "manual" | "proposal" | "accepted";
  readonly score: number | null;
  readonly z: number;
  readonly crowd: boolean;
  readonly attributes: Readonly<Record<string, AttributeValue>>;
  readonly track_id: string | null;
  readonly group_id: string | null;
  readonly author_id: string | null;
  readonly model_id: string | null;
  readonly external_id: string | null;
  /** The auto-annotation run that proposed it; the server keeps it. */
  readonly run_id: string | null;
  /** Something covers it: of a video, and known to the canvas only. */
  readonly occluded?: boolean;
}

/** What is changed, taken back and saved one by one: the annotations of a picture, the tracks of a video. */
export interface Item {
  readonly id: string;
}

/** Some fields of an annotation; the id never changes. */
export type Patch<T extends Item = Annotation> = Partial<Omit<T, "id">>;

export type Change<T extends Item = Annotation> =
  | { readonly op: "create"; readonly annotation: T }
  | { readonly op: "update"; readonly id: string; readonly before: Patch<T>; readonly after: Patch<T> }
  | { readonly op: "delete"; readonly annotation: T };

/** `local`: this hand. `remote`: another tab, person or the server. `undo`: undo and redo. */
export type Origin = "local" | "remote" | "undo";

export interface ChangeSet<T extends Item = Annotation> {
  readonly id: string;
  readonly origin: Origin;
  readonly changes: readonly Change<T>[];
  /** Equal keys one right after the other make one step of undo: a row of key presses. */
  readonly merge?: string;
}

export const changedId = <T extends Item>(change: Change<T>): string =>
  change.op === "update" ? change.id : change.annotation.id;

export const changeSet = <T extends Item>(
  origin: Origin,
  changes: readonly Change<T>[],
  merge?: string,
): ChangeSet<T> => ({
  id: newId(),
  origin,
  changes,
  ...(merge === undefined ? {} : { merge }),
});

/** A new annotation made by hand. */
export const drawn = (geometry: Geometry, classId: string, attributes: Annotation["attributes"] = {}): Annotation => ({
  id: newId(),
  class_id: classId,
  geometry,
  source: "manual",
  state: "manual",
  score: null,
  z: 0,
  crowd: false,
  attributes,
  track_id: null,
  group_id: null,
  author_id: null,
  model_id: null,
  external_id: null,
  run_id: null,
});

/** The change that turns `annotation` into itself with `after`; `before` keeps only the fields that are touched. */
export function update<T extends Item>(annotation: T, after: Patch<T>): Change<T> {
  const keys = Object.keys(after) as (keyof Patch<T>)[];
  const before = Object.fromEntries(keys.map((key) => [key, annotation[key]])) as Patch<T>;
  return { op: "update", id: annotation.id, before, after };
}

export const isProposal = ({ state }: Annotation): boolean => state === "proposal";

/** The same for the work of a hand: who changes a proposal has looked at it, which accepts it. */
export function edited(annotation: Annotation, after: Patch): Change {
  const keys = Object.keys(after) as (keyof Patch)[];
  const changes = keys.some((key) => !same(annotation[key], after[key]));
  return update(annotation, changes && isProposal(annotation) ? { ...after, state: "accepted" } : after);
}

export function inverse<T extends Item>(change: Change<T>): Change<T> {
  switch (change.op) {
    case "create":
      return { op: "delete", annotation: change.annotation };
    case "delete":
      return { op: "create", annotation: change.annotation };
    case "update":
      return { op: "update", id: change.id, before: change.after, after: change.before };
  }
}

/** The changes that take a set back, last one first. */
export const inverseOf = <T extends Item>(set: ChangeSet<T>): readonly Change<T>[] =>
  set.changes.map((change) => inverse(change)).reverse();
