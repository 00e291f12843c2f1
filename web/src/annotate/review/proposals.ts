/** Proposals sorted for people: by score, by class. */
import { isSure } from "../../canvas";
import type { Annotation, Styles } from "../../canvas";
import { annotate as text } from "../../strings/annotate";

export const idsOf = (annotations: readonly Annotation[]): string[] => annotations.map(({ id }) => id);

/** Those with at least this score, and the rest. */
export function parted(proposals: readonly Annotation[], least: number) {
  const [sure, unsure]: [Annotation[], Annotation[]] = [[], []];
  for (const one of proposals) (isSure(one, least) ? sure : unsure).push(one);
  return { sure, unsure };
}

export interface ClassGroup {
  readonly id: string;
  readonly name: string;
  readonly color: string;
  readonly members: readonly Annotation[];
}

/** One group a class, in the order of their names. */
export function byClass(proposals: readonly Annotation[], styles: Styles): ClassGroup[] {
  const groups = new Map<string, Annotation[]>();
  for (const one of proposals) {
    const known = groups.get(one.class_id);
    if (known) known.push(one);
    else groups.set(one.class_id, [one]);
  }
  return Array.from(groups, ([id, members]): ClassGroup => {
    const style = styles.get(id);
    return { id, members, name: style?.name ?? text.objects.unknownClass, color: style?.color ?? "" };
  }).sort((a, b) => a.name.localeCompare(b.name));
}
