/** Metadata of several images as one form. */

export type Fields = Readonly<Record<string, string>>;

/** A field of some images; `value` is null where they differ, or some have none. */
export interface Row {
  readonly name: string;
  readonly value: string | null;
}

/** The fields that any of the images has, by name. */
export function rowsOf(images: readonly Fields[]): Row[] {
  const names = [...new Set(images.flatMap((fields) => Object.keys(fields)))].sort((a, b) => a.localeCompare(b));
  return names.map((name) => {
    const values = new Set(images.map((fields) => fields[name] ?? ""));
    const [only = ""] = values;
    return { name, value: values.size === 1 ? only : null };
  });
}

/** The fields of an image after a change; an empty value takes a field away. */
export function changed(fields: Fields, change: Fields): Fields {
  return Object.fromEntries(Object.entries({ ...fields, ...change }).filter(([, value]) => value !== ""));
}

/** Whether two images say the same. */
export function isSame(some: Fields, others: Fields): boolean {
  const names = Object.keys(some);
  return names.length === Object.keys(others).length && names.every((name) => some[name] === others[name]);
}
