/** Metadata of several images as one form. */

export type Fields = Readonly<Record<string, string>>;

/** A field of some images; `value` is null where they differ, or some have none. */
export interface Row {
  readonly name: string;
  readonly value: string | null;
}

/** Fields that an image is given; an empty value takes a field away. */
export interface Described {
  readonly id: string;
  readonly fields: Fields;
}

interface Known {
  readonly id: string;
  readonly metadata?: Fields | undefined;
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

/** What gives every image back the fields that a change wrote. */
export function backTo(images: readonly Known[], change: Fields): Described[] {
  return images.map(({ id, metadata = {} }) => ({
    id,
    fields: Object.fromEntries(Object.keys(change).map((name) => [name, metadata[name] ?? ""])),
  }));
}
