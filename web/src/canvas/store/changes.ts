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
}

/** Some fields of an annotation; the id never changes. */
export type Patch = Partial<Omit<Annotation, "id">>;

export type Change =
  | { readonly op: "create"; readonly annotation: Annotation }
  | { readonly op: "update"; readonly id: string; readonly before: Patch; readonly after: Patch }
  | { readonly op: "delete"; readonly annotation: Annotation };

/** `local`: this hand. `remote`: another tab, person or the server. `undo`: undo and redo. */
export type Origin = "local" | "remote" | "undo";

export interface ChangeSet {
  readonly id: string;
  readonly origin: Origin;
  readonly changes: readonly Change[];
  /** Equal keys one right after the other make one step of undo: a row of key presses. */
  readonly merge?: string;
}

export const changedId = (change: Change): string => (change.op === "update" ? change.id : change.annotation.id);

export const changeSet = (origin: Origin, changes: readonly Change[], merge?: string): ChangeSet => ({
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
export function update(annotation: Annotation, after: Patch): Change {
  const keys = Object.keys(after) as (keyof Patch)[];
  const before: Patch = Object.fromEntries(keys.map((key) => [key, annotation[key]]));
  return { op: "update", id: annotation.id, before, after };
}

export const isProposal = ({ state }: Annotation): boolean => state === "proposal";

/** The same for the work of a hand: who changes a proposal has looked at it, which accepts it. */
export function edited(annotation: Annotation, after: Patch): Change {
  const keys = Object.keys(after) as (keyof Patch)[];
  const changes = keys.some((key) => !same(annotation[key], after[key]));
  return update(annotation, changes && isProposal(annotation) ? { ...after, state: "accepted" } : after);
}

export function inverse(change: Change): Change {
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
export const inverseOf = (set: ChangeSet): readonly Change[] => set.changes.map(inverse).reverse();
