/** Words of the smart tools. */
export const assist = {
  title: "Smart outline",
  hint: "Click an object, Alt+click beside it, or drag a box around it. Enter takes it, Backspace takes a click back.",
  labels: {
    smart: "Find outlines by clicks",
    outline: "Turn the selected boxes into outlines",
    similar: "Find more like the selected object",
    beside: "Click beside the object (smart outline)",
  },
  /** On the buttons themselves, where there is room. */
  words: {
    outline: "Outline",
    similar: "More like this",
    inside: "On it",
    outside: "Beside it",
    polygon: "Polygon",
    mask: "Mask",
  },
  steps: (n: number) => (n === 1 ? "1 step" : `${n} steps`),
  waiting: "Looking",
  nothing: "Nothing stands out here: click again or drag a box",
  finish: "Accept",
  inside: "Clicks mark the object",
  outside: "Clicks mark what does not belong to it",
  polygon: "Outline as a polygon",
  mask: "Outline as a mask",
  none: "Select a box first: its outline is sought in it.",
  by: { none: "by colours", ready: "by network", broken: "by colours" },
  network: {
    none: "Outlines are found by colours and edges. For better ones add SAM 2.1 or EdgeTAM, exported to ONNX, on the page Models: “Add model”, then choose its encoder and its decoder together, or a ZIP of both.",
    ready: "Outlines are found by a network, once it has looked at the image; before that by colours.",
    broken: "The network for outlines cannot be used. Outlines are found by colours.",
  },
  using: (model: string) =>
    `Outlines are found by “${model}”, once it has looked at the image; before that by colours.`,
  one: "Select one object first: what looks like it is sought.",
  alike: (n: number) =>
    n === 0 ? "Nothing else here looks like it" : n === 1 ? "1 proposal to review" : `${n} proposals to review`,
  done: (n: number) => (n === 1 ? "1 box became an outline" : `${n} boxes became outlines`),
  missed: (n: number) => (n === 1 ? "In 1 box nothing stands out" : `In ${n} boxes nothing stands out`),
  left: "Another image is open by now, so what was found in the last one is given up",
  failed: "No outline was found",
} as const;
