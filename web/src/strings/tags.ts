/** Tags of images. */
export const tags = {
  title: "Tags",
  label: "Tags of this image",
  placeholder: "Add a tag",
  hint: "Words about the whole image. Enter adds one, Backspace takes the last one away, Esc goes back to the picture.",
  key: "Tags of this image",
  filter: "Tag",
  any: "Any tag",
  tagged: (tag: string, n: number) => `${tag} (${n})`,
  action: "Tags",
  dialog: (n: string) => `Tags of ${n}`,
  add: "Give all of them",
  remove: "Take from all of them",
  apply: "Apply",
  done: (n: string) => `The tags of ${n} are changed`,
  none: "None of them needed a change",
} as const;
