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

/** The proposal `step` places after `from`, which may be gone from the list already; around the end. */
export function besideProposal(
  proposals: readonly Annotation[],
  from: Annotation | undefined,
  step: 1 | -1,
): Annotation | undefined {
  const order = proposals.filter(isProposal).sort(byPlace);
  if (!from) return order.at(step === 1 ? 0 : -1);
  const others = order.filter(({ id }) => id !== from.id);
  const beyond = others.filter((one) => byPlace(one, from) * step > 0);
  return step === 1 ? (beyond[0] ?? others[0]) : (beyond.at(-1) ?? others.at(-1));
}
