/** Proposals of a model on one picture: which there are, and what accepting or rejecting them changes. */
import { boundsOf } from "./geometry/shape";
import { isProposal, update } from "./store/changes";
import type { Annotation, Change } from "./store/changes";

/** From the top left to the lower right: the order in which keys go through shapes. */
export function byPlace(a: Annotation, b: Annotation): number {
  const [p, q] = [boundsOf(a.geometry), boundsOf(b.geometry)];
  return p[1] - q[1] || p[0] - q[0];
}

/** Whether a proposal is at least this sure; one without a score is never held back. */
export const isSure = ({ score }: Annotation, least: number): boolean => score === null || score >= least;

/** Accepting keeps source, score and model: who made a shape stays known. */
export const accepting = (annotations: readonly Annotation[]): Change[] =>
  annotations.filter(isProposal).map((annotation) => update(annotation, { state: "accepted" }));

export const rejecting = (annotations: readonly Annotation[]): Change[] =>
  annotations.filter(isProposal).map((annotation) => ({ op: "delete", annotation }));

/**
 * The shape `step` places after `from`, or before it (-1), in the order of keys; the first or the last one where `from`
 * is none; undefined past the end. One look at each: of thousands, sorting them all for one key takes too long.
 */
export function beside(
  annotations: readonly Annotation[],
  from: Annotation | undefined,
  step: 1 | -1,
): Annotation | undefined {
  const origin = from ? annotations.indexOf(from) : -1;
  /** Where two lie at the same place, the order in which they came decides. */
  const order = (a: Annotation, i: number, b: Annotation, j: number): number => (byPlace(a, b) || i - j) * step;
  let [found, place] = [undefined as Annotation | undefined, -1];
  annotations.forEach((one, i) => {
    const isBeyond = !from || order(one, i, from, origin) > 0;
    if (isBeyond && (!found || order(one, i, found, place) < 0)) [found, place] = [one, i];
  });
  return found;
}

/** The proposal `step` places after `from`, which may be gone from the list already; around the end. */
export function besideProposal(
  proposals: readonly Annotation[],
  from: Annotation | undefined,
  step: 1 | -1,
): Annotation | undefined {
  const those = proposals.filter(isProposal);
  const next = beside(those, from, step) ?? beside(those, undefined, step);
  return next === from ? undefined : next;
}
