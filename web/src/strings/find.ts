/** Words of the command palette and of the class picker. */
export const find = {
  palette: "Command palette",
  anything: "Action, class or image",
  nothing: "Nothing has this name.",
  class: "class",
  image: "image",
  picker: "Choose the class",
  pick: "Class, or a digit",
  noClass: "No class has this name.",
  add: (name: string) => `Add "${name}"`,
  ask: "Ask for the class after each shape",
} as const;
