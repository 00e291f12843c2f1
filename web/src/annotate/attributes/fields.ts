/** Which attributes the selected objects have, and what they say: the fields that a panel shows. */
import type { AttributeDefinition } from "../../api/types";
import type { Annotation, AttributeValue, Attributes } from "../../canvas";

/** What all of them say: one value, none (null), or different ones. */
export type Shared = { readonly mixed: false; readonly value: AttributeValue } | { readonly mixed: true };

export interface Field {
  readonly definition: AttributeDefinition;
  readonly shared: Shared;
}

/** A value that nothing describes, or not any more. */
export interface Other {
  readonly name: string;
  readonly shared: Shared;
}

export type Definitions = readonly AttributeDefinition[];

/** The attributes of a class: its own, then those of all classes that it does not define itself. */
export function ofClass(own: Definitions, shared: Definitions): Definitions {
  const names = new Set(own.map(({ name }) => name));
  return [...own, ...shared.filter(({ name }) => !names.has(name))];
}

/** What new objects of a class begin with. */
export const startOf = (definitions: Definitions): Attributes =>
  Object.fromEntries(
    definitions.flatMap(({ name, default: value }) => (value === null || value === undefined ? [] : [[name, value]])),
  );

const valueOf = (attributes: Attributes, name: string): AttributeValue =>
  Object.hasOwn(attributes, name) ? (attributes[name] ?? null) : null;

function sharedOf(annotations: readonly Annotation[], name: string): Shared {
  const [first, ...rest] = annotations;
  const value = first ? valueOf(first.attributes, name) : null;
  return rest.every(({ attributes }) => valueOf(attributes, name) === value)
    ? { mixed: false, value }
    : { mixed: true };
}

/** Those that every class among the objects has, as the first one describes them. */
function common(annotations: readonly Annotation[], of: (classId: string) => Definitions): Definitions {
  const [first, ...rest] = [...new Set(annotations.map(({ class_id }) => class_id))].map(of);
  return (first ?? []).filter(({ name, kind }) =>
    rest.every((other) => other.some((one) => one.name === name && one.kind === kind)),
  );
}

export function fieldsOf(
  annotations: readonly Annotation[],
  of: (classId: string) => Definitions,
): { readonly fields: readonly Field[]; readonly others: readonly Other[] } {
  const definitions = common(annotations, of);
  const known = new Set(definitions.map(({ name }) => name));
  const names = new Set(annotations.flatMap(({ attributes }) => Object.keys(attributes)));
  return {
    fields: definitions.map((definition) => ({ definition, shared: sharedOf(annotations, definition.name) })),
    others: [...names]
      .filter((name) => !known.has(name))
      .sort()
      .map((name) => ({ name, shared: sharedOf(annotations, name) })),
  };
}

/** A number as it is typed: null for none, undefined for what is no number or out of bounds. */
export function numberTyped(text: string, { minimum, maximum }: AttributeDefinition): number | null | undefined {
  const word = text.trim().replace(",", ".");
  if (word === "") return null;
  const value = Number(word);
  const within = value >= (minimum ?? -Infinity) && value <= (maximum ?? Infinity);
  return Number.isFinite(value) && within ? value : undefined;
}

/** One step up or down, within bounds; from nothing it goes to the bound, or to 0. */
export function stepped(value: AttributeValue, by: 1 | -1, { minimum, maximum, step }: AttributeDefinition): number {
  const size = step ?? 1;
  const from = typeof value === "number" ? value + by * size : (minimum ?? 0);
  const exact = Number(from.toPrecision(12));
  return Math.min(Math.max(exact, minimum ?? -Infinity), maximum ?? Infinity);
}
