import type { StartingWeights } from "../api/types";

/** Words about the learned weights that a network begins with. */
export const weights = {
  here: (one: StartingWeights) =>
    `Begins with the weights “${one.name}”: licence ${one.licence}, ${
      one.source === "upload" ? "uploaded" : `from ${one.source.replace(/\/tree\/[0-9a-f]{40}$/, "")}`
    }.`,
  others: "Upload others",
  missing: "Its learned weights are not here yet",
  from: (hub: string) =>
    `They can be downloaded once for all projects, from ${hub}. Or upload their files, where this machine has no way to the internet.`,
  byHand: "No place to download them from is known. Upload their files, once for all projects.",
  get: "Download weights",
  licenceTitle: "Licence of the weights",
  licenceBody: (title: string, licence: string) =>
    `The weights of ${title} are under this licence: ${licence}. It reaches the models that you make of them. Nothing is downloaded before you accept it.`,
  accept: "Accept and download",
  refuse: "Not now",

  bring: "Upload weights",
  bringTitle: (title: string) => `Upload weights of ${title}`,
  choose: "Choose files",
  chooseBody:
    "config.json and model.safetensors, as Hugging Face transformers saves them, or a ZIP or TAR of their folder. Weights that were trained here (last.safetensors, or a downloaded model) are enough alone.",
  drop: "or drop the files or their folder here",
  chosen: "Chosen files",
  change: "Choose others",
  source: "Where they come from",
  sourceHint: "The address you got them from, or who trained them.",
  licence: "Their licence",
  licenceHint: "As it is stated there. It reaches the models that you make of them.",
  licenceExample: (licence: string) => `For example ${licence}`,
  add: "Add the weights",
  uploading: "Uploading the weights",
  checking: "Looking at the weights",
  refused: "These files cannot be used",
  added: (name: string) => `The weights “${name}” are here for all projects`,
  problems: {
    pickle:
      "Pickles (.bin, .pt, .pth, .pkl, .ckpt) can run programs and are refused. Save the weights as model.safetensors.",
    parts: "The weights are in several .safetensors files. Save them as one model.safetensors.",
    nothing: "There is no model.safetensors and no one ZIP or TAR among these files.",
  },
} as const;
