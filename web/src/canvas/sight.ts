/** Which annotations are shown. What is out of sight stays as it is. */
import { isSure } from "./review";
import { isProposal } from "./store/changes";
import type { Annotation } from "./store/changes";

/** What one looks for; null means any. */
export interface Filter {
  readonly classId: string | null;
  readonly source: Annotation["source"] | null;
  /** Those with a lower score are left out; those without one stay. */
  readonly least: number;
  /** Whether what is left out is hidden in the picture too. */
  readonly hides: boolean;
}

export const NO_FILTER: Filter = { classId: null, source: null, least: 0, hides: false };

export interface Sight {
  readonly hidden: ReadonlySet<string>;
  readonly allHidden: boolean;
  /** The only ones to be shown; null shows all. */
  readonly isolated: ReadonlySet<string> | null;
  readonly filter: Filter;
  /** Proposals with a lower score are not shown. */
  readonly leastScore: number;
}

export const isFiltering = ({ classId, source, least }: Filter): boolean =>
  classId !== null || source !== null || least > 0;

export const passes = (annotation: Annotation, { classId, source, least }: Filter): boolean =>
  (classId === null || annotation.class_id === classId) &&
  (source === null || annotation.source === source) &&
  isSure(annotation, least);

export function isSeen(annotation: Annotation, { hidden, allHidden, isolated, filter, leastScore }: Sight): boolean {
  if (allHidden || hidden.has(annotation.id) || isolated?.has(annotation.id) === false) return false;
  if (isProposal(annotation) && !isSure(annotation, leastScore)) return false;
  return !filter.hides || passes(annotation, filter);
}

/** The names of what decides: whether two states show the same. */
const PARTS = ["hidden", "allHidden", "isolated", "filter", "leastScore"] as const;

export const sameSight = (a: Sight, b: Sight): boolean => PARTS.every((part) => a[part] === b[part]);
