import type { Schemas } from "../api/client";

type Change = Schemas["ImageChanges"]["change"];

/** Comparing and bringing back the versions of a dataset. */
export const versions = {
  compare: "Compare",
  compareOf: (name: string) => `Compare ${name}`,
  with: "With",
  now: "The project now",
  title: (name: string) => `Changes since ${name}`,
  same: "Nothing is different.",
  images: "Images",
  objects: "Objects",
  what: "What",
  changes: { added: "Added", removed: "Removed", changed: "Changed" } satisfies Record<Change, string>,
  moved: (n: string) => `${n} in another split`,
  first: (n: string) => `The first ${n}`,
  image: "Image",
  split: (before: string, after: string) => `${before} → ${after}`,
  restore: "Bring back",
  restoreOf: (name: string) => `Bring back ${name}`,
  restoreTitle: (name: string) => `Bring the project back to ${name}?`,
  restoreBody:
    "Images, splits, tags and objects become what they were. Images that came later go to the trash. What the project is now becomes a version of its own first, so that nothing is lost and this can be undone.",
  restored: (changed: string, back: string, trashed: string) =>
    `${changed} changed, ${back} came back, ${trashed} moved to the trash`,
  lost: (n: string) => `${n} could not come back: their pixels were removed for good, or another image has their name.`,
  exportOf: (name: string) => `Export ${name}`,
  export: "Export",
} as const;
