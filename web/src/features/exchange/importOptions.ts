import type { Schemas } from "../../api/client";
import type { ImportReport } from "./report";

type Request = Schemas["ImportRequest"];

/** What an import reads: either what was uploaded, or what lies at an address; the other one is empty. */
export type ImportInput = Pick<Request, "upload_id" | "source">;

/** What a person decides about an import. */
export interface ImportOptions {
  format: Request["format"];
  policy: Request["policy"];
  frame: Request["frame"];
  default_split: "train" | "val" | "test" | "none";
  class_map: Record<string, string>;
  predictions: boolean;
  by_reference: boolean;
}

export const DEFAULT_OPTIONS: ImportOptions = {
  format: "auto",
  policy: "merge",
  frame: "upright",
  default_split: "none",
  class_map: {},
  predictions: false,
  by_reference: false,
};

/** Whether pictures can stay where they lie: in a bucket, or a folder of the server. */
export const mayStay = (source: string): boolean => /^(s3|gs|az|file):/i.test(source);

/** The mapping with one class renamed; a class that keeps its name is left out of it. */
export function renamed(options: ImportOptions, name: string, next: string): ImportOptions {
  const others = Object.entries(options.class_map).filter(([from]) => from !== name);
  return { ...options, class_map: Object.fromEntries(next === name ? others : [...others, [name, next]]) };
}

/** What becomes of a class that is imported under a name, given the names of the classes here. */
export function fateOf(target: string, here: readonly string[]): "here" | "new" | "dropped" {
  const name = target.trim().normalize("NFC");
  if (name === "") return "dropped";
  return here.some((other) => other.normalize("NFC") === name) ? "here" : "new";
}

/** How many images of a dataset say nothing about their split. */
export function withoutSplit(report: ImportReport): number {
  const known = Object.entries(report.splits).filter(([split]) => split !== "none");
  return Math.max(0, report.images - known.reduce((sum, [, images]) => sum + images, 0));
}
