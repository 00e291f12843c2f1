import type { ProjectCounts, Split } from "../../api/types";
import { training as words } from "../../strings/training";

const FEW = 10;

/** What stands in the way of a training, and what one should know before it. */
export interface Readiness {
  blockers: string[];
  advice: string[];
}

export function labeledIn(counts: ProjectCounts, split: Split): number {
  const found = counts.splits.find((one) => one.split === split);
  return found === undefined ? 0 : found.images - found.unlabeled;
}

export function readiness(counts: ProjectCounts): Readiness {
  const blockers: string[] = [];
  const advice: string[] = [];
  if (counts.classes.length === 0) blockers.push(words.missingClasses);
  if (labeledIn(counts, "train") === 0) blockers.push(words.missingTrain);
  if (labeledIn(counts, "val") === 0) advice.push(words.missingVal);
  if (labeledIn(counts, "test") === 0) advice.push(words.missingTest);
  const rare = counts.classes.filter((one) => one.train < FEW).map((one) => `${one.name} (${one.train})`);
  if (blockers.length === 0 && rare.length > 0) advice.push(words.rare(rare.join(", ")));
  return { blockers, advice };
}
