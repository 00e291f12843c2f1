/** Metadata of images: fields such as title and author. */
export const metadata = {
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
