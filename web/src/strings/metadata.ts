/** Metadata of images: fields such as title and author. */
export const metadata = {
  title: "Metadata",
  key: "Metadata of this image",
  hint: "Fields about the whole image, such as title and author. Saved when you leave a field; Esc goes back to the picture.",
  /** Always offered; each is a field like any other. */
  usual: ["title", "author", "description"],
  number: (n: number) => (n === 0 ? "" : n === 1 ? "1 field" : `${n} fields`),
  action: "Metadata",
  dialog: (n: string) => `Metadata of ${n}`,
  mixed: "Different values: what is written here goes to all",
  remove: (field: string) => `Take ${field} away`,
  addLabel: "Another field",
  addPlaceholder: "title, author, camera, ...",
  add: "Add",
  empty: "No fields yet. Add one, for example a title.",
  emptyValue: "An empty value takes the field away.",
  apply: "Save",
  done: (n: string) => `The metadata of ${n} is changed`,
  none: "None of them needed a change",
} as const;
