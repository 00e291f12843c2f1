/** What objects have besides their class: giving it to them, and what they begin with. */
import { edited } from "./store/changes";
import type { Annotation, AttributeValue, Change } from "./store/changes";
import { same } from "./store/same";

export type Attributes = Annotation["attributes"];

/** What new objects of a class begin with, by class id. */
export type Defaults = ReadonlyMap<string, Attributes>;

const NONE: Attributes = {};

export const defaultsOf = (defaults: Defaults, classId: string): Attributes => defaults.get(classId) ?? NONE;

/** `attributes` with another value, or (null) without this one. */
export function withValue(attributes: Attributes, name: string, value: AttributeValue): Attributes {
  if (value !== null) return { ...attributes, [name]: value };
  return Object.fromEntries(Object.entries(attributes).filter(([key]) => key !== name));
}

/** Gives all of them a value, or takes it from them; those that have it already stay as they are. */
export const describing = (annotations: readonly Annotation[], name: string, value: AttributeValue): Change[] =>
  annotations
    .filter(({ attributes }) => (Object.hasOwn(attributes, name) ? attributes[name] !== value : value !== null))
    .map((annotation) => edited(annotation, { attributes: withValue(annotation.attributes, name, value) }));

/**
 * Gives all of them a class. What somebody has said about an object stays; what it only began with, as its class does,
 * gives way to what the other class begins with.
 */
export function relabelling(annotations: readonly Annotation[], classId: string, defaults: Defaults): Change[] {
  return annotations.map((annotation) => {
    const { source, attributes, class_id: before } = annotation;
    const untouched = source === "manual" && same(attributes, defaultsOf(defaults, before));
    const next = untouched ? defaultsOf(defaults, classId) : attributes;
    return edited(annotation, same(next, attributes) ? { class_id: classId } : { class_id: classId, attributes: next });
  });
}
