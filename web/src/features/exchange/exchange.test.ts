import { describe, expect, it } from "vitest";
import type { Job } from "../../api/types";
import { exportFile } from "../jobs/exportFile";
import { DEFAULT_OPTIONS, fateOf, renamed, withoutSplit } from "./importOptions";
import { reportOf } from "./report";

const job = (change: Partial<Job>): Job => ({ kind: "import", state: "succeeded", result: null, ...change }) as Job;

describe("reportOf", () => {
  it("reads the report of a finished import and nothing else", () => {
    expect(reportOf(undefined)).toBeUndefined();
    expect(reportOf(job({ state: "running" }))).toBeUndefined();
    expect(reportOf(job({ result: { report: { format: "voc", images: 3 } } }))).toMatchObject({
      format: "voc",
      images: 3,
      problem_count: 0,
    });
  });
});

describe("options of an import", () => {
  it("keeps only names that differ", () => {
    const first = renamed(DEFAULT_OPTIONS, "RBC", "red");
    expect(first.class_map).toEqual({ RBC: "red" });
    expect(renamed(first, "WBC", "").class_map).toEqual({ RBC: "red", WBC: "" });
    expect(renamed(first, "RBC", "RBC").class_map).toEqual({});
  });

  it("tells what becomes of a class", () => {
    expect(["cat", " cat ", "dog", "", " "].map((name) => fateOf(name, ["cat"]))).toEqual([
      "here",
      "here",
      "new",
      "dropped",
      "dropped",
    ]);
    expect(fateOf("e\u0301", ["\u00e9"])).toBe("here");
  });

  it("counts images without a split", () => {
    const report = reportOf(job({ result: { report: { images: 10, splits: { train: 6, none: 3 } } } }));
    expect(report === undefined ? null : withoutSplit(report)).toBe(4);
  });
});

describe("exportFile", () => {
  it("names the file of a finished export", () => {
    expect(exportFile(job({ kind: "export", result: { files: { export: "export.zip" } } }))).toBe("export.zip");
    expect(exportFile(job({ kind: "export", state: "failed" }))).toBeUndefined();
    expect(exportFile(job({ kind: "train", result: { files: { onnx: "model.onnx" } } }))).toBeUndefined();
  });
});
