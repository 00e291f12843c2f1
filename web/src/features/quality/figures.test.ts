import { describe, expect, it } from "vitest";
import type { QualityReport } from "../../api/types";
import { matrixOf, meanOf, prSeries, scoreSeries } from "./figures";

const curves = (class_id: string, values: number[]) => ({
  class_id,
  name: class_id.toUpperCase(),
  threshold: 0.5,
  pr: values,
  precision: values,
  recall: values,
  f1: values,
});
const classes = [curves("a", [1, 0.5]), curves("b", [0, 1]), curves("c", [])];

describe("curves", () => {
  it("leave classes without any out of the mean", () => {
    expect(meanOf(classes, "pr")).toEqual([0.5, 0.75]);
    expect(meanOf([curves("c", [])], "pr")).toEqual([]);
  });

  it("show the mean and each of a few classes, or one", () => {
    expect(prSeries(classes, undefined).map((one) => one.name)).toEqual(["Mean of classes", "A", "B"]);
    expect(prSeries(classes, "b")).toEqual([
      {
        name: "B",
        points: [
          [0, 0],
          [0.01, 1],
        ],
      },
    ]);
    expect(scoreSeries(classes, "a").map((one) => one.name)).toEqual(["F1", "Precision", "Recall"]);
  });
});

describe("the matrix", () => {
  const report = {
    classes,
    confusions: [
      { truth: "a", found: "a", count: 9 },
      { truth: "a", found: "b", count: 2 },
      { truth: null, found: "b", count: 5 },
      { truth: "c", found: null, count: 1 },
    ],
  } as unknown as QualityReport;

  it("has the background last", () => {
    const { ids, counts, rowMax } = matrixOf(report, 10);
    expect(ids).toEqual(["a", "b", "c", "background"]);
    expect(counts).toEqual([
      [9, 2, 0, 0],
      [0, 0, 0, 0],
      [0, 0, 0, 1],
      [0, 5, 0, 0],
    ]);
    expect(rowMax).toEqual([9, 1, 1, 5]);
  });

  it("keeps the most confused of many classes, in their order", () => {
    expect(matrixOf(report, 2).ids).toEqual(["a", "b", "background"]);
  });
});
