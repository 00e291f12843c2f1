/** What becomes of each class of a model in a project. */
import type { Model } from "../../api/types";

export interface Planned {
  readonly name: string;
  /** The class of the project, CREATE or LEAVE. */
  readonly target: string;
}

/** No class has such a name: a class name is never empty and holds no control character. */
export const CREATE = "\u0001";
export const LEAVE = "";

/** Classes go to those of the same name; one that is missing is created where `create` says so; `chosen` overrules. */
export function planOf(
  model: readonly string[],
  project: readonly string[],
  create: boolean,
  chosen: ReadonlyMap<string, string>,
): Planned[] {
  const here = new Map(project.map((name) => [name.normalize("NFC"), name]));
  return model.map((name) => {
    const same = here.get(name.normalize("NFC"));
    return { name, target: chosen.get(name) ?? same ?? (create ? CREATE : LEAVE) };
  });
}

/** How many classes of the model are in the project under their own name. */
export function matches(model: readonly string[], project: readonly string[]): number {
  const here = new Set(project.map((name) => name.normalize("NFC")));
  return model.filter((name) => here.has(name.normalize("NFC"))).length;
}

/** The plan as the server wants it. */
export function mappingOf(plan: readonly Planned[]): { class_map: Record<string, string>; create_classes: boolean } {
  const different = plan.filter(({ name, target }) => target !== CREATE && target !== name);
  return {
    class_map: Object.fromEntries(different.map(({ name, target }) => [name, target])),
    create_classes: plan.some(({ target }) => target === CREATE),
  };
}

/** The least score of each class as the card says, else as its evaluation found it: what the server takes for the model's own. */
export function ownScores({ card, val, test }: Pick<Model, "card" | "val" | "test">): ReadonlyMap<string, number> {
  const chosen = card.classes.flatMap(({ name, threshold }) =>
    typeof threshold === "number" ? [[name, threshold] as const] : [],
  );
  if (chosen.length > 0) return new Map(chosen);
  const known = new Set(card.classes.map(({ name }) => name));
  const rows = (val ?? test)?.per_class ?? [];
  return new Map(
    rows.flatMap(({ name, best_threshold: best }) => (best !== null && known.has(name) ? [[name, best] as const] : [])),
  );
}

/** From which score on each class is proposed. */
export interface Scores {
  /** The model's own, class by class, or one for all. */
  readonly own: boolean;
  readonly one: number;
  /** What a person set for a class. */
  readonly edited: ReadonlyMap<string, number>;
}

/** The score that holds for a class. */
export const scoreOf = (scores: Scores, model: Pick<Model, "card" | "val" | "test">, name: string): number =>
  scores.edited.get(name) ?? (scores.own ? (ownScores(model).get(name) ?? model.card.score_threshold) : scores.one);

/** The scores as the server wants them. */
export const thresholdsOf = ({ own, one, edited }: Scores) => ({
  model_thresholds: own,
  threshold: own ? null : one,
  thresholds: Object.fromEntries(edited),
});

/** Whether the model could propose anything at all. */
export function isUseful(plan: readonly Planned[]): boolean {
  return plan.some(({ target }) => target !== LEAVE);
}
