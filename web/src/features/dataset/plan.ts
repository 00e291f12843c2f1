import type { Split } from "../../api/types";
import type { Plan, Preview } from "./queries";

export const DEALT: readonly Exclude<Split, "none">[] = ["train", "val", "test"];
export const SPLITS: readonly Split[] = [...DEALT, "none"];

/** What is proposed at first. */
export const FIRST_PLAN: Plan = {
  train: 80,
  val: 10,
  test: 10,
  seed: 0,
  stratify: true,
  together: ["video", "duplicates"],
  metadata: [],
  deal: "new",
  mend: false,
  labeled_only: false,
};

/** Whether the server can carry it out: some split gets something. */
export function isWhole(plan: Plan): boolean {
  return DEALT.every((split) => Number.isFinite(plan[split]) && plan[split] >= 0) && totalOf(plan) > 0;
}

export function totalOf(plan: Plan): number {
  return DEALT.reduce((sum, split) => sum + plan[split], 0);
}

/** "80 : 10 : 10" */
export function ratioOf(plan: Plan): string {
  return DEALT.map((split) => String(plan[split])).join(" : ");
}

/** Classes that have objects, but none in a split that gets images: by split. */
export function missing(preview: Preview): Map<Split, string[]> {
  const found = new Map<Split, string[]>();
  for (const split of DEALT) {
    if (preview.images_after[split] === 0) continue;
    const names = preview.classes
      .filter(({ after }) => after[split] === 0 && DEALT.some((other) => after[other] > 0))
      .map(({ name }) => name);
    if (names.length > 0) found.set(split, names);
  }
  return found;
}
