import type { Schemas } from "../../api/client";
import { exchange as words } from "../../strings/exchange";

export type Format = Schemas["ExportRequest"]["format"];
type ImportFormat = Schemas["ImportRequest"]["format"];
type Group = keyof typeof words.formatGroups;

/** Every format that is written, in the order in which it is offered. */
const GROUPS: Readonly<Record<Format, Group>> = {
  coco: "training",
  yolo: "training",
  voc: "training",
  cvat: "tools",
  labelstudio: "tools",
  labelme: "tools",
  via: "tools",
  datumaro: "tools",
  darknet: "training",
  createml: "training",
  tfrecord: "training",
  masks: "training",
  crops: "training",
  openimages: "tables",
  csv: "tables",
};

const WRITTEN: ReadonlySet<Format> = new Set(["masks", "crops"]);

/** What an import can be told to read: by itself, or one of the formats that are not only written. */
export function importFormats(): { value: ImportFormat; label: string }[] {
  const read = (Object.keys(GROUPS) as Format[]).filter(
    (format): format is Format & ImportFormat => !WRITTEN.has(format),
  );
  return (["auto", ...read] as const).map((value) => ({ value, label: words.formats[value] }));
}

/** The formats as groups of a select; each format is in exactly one. */
export function formatGroups(): { group: string; items: { value: Format; label: string }[] }[] {
  const formats = Object.keys(GROUPS) as Format[];
  return (Object.keys(words.formatGroups) as Group[]).map((group) => ({
    group: words.formatGroups[group],
    items: formats
      .filter((format) => GROUPS[format] === group)
      .map((value) => ({ value, label: words.formats[value] })),
  }));
}
