import { describe, expect, it } from "vitest";
import type { Parameter, ProjectCounts } from "../../api/types";
import { bestOf, curvesOf, seriesOf } from "./curves";
import { changedOf, defaultsOf, labelOf, problemOf, withPreset } from "./parameters";
import { readiness } from "./readiness";

const parameter = (change: Partial<Parameter>): Parameter => ({
  name: "epochs",
  kind: "int",
  default: 0,
  minimum: 0,
  maximum: 100,
  choices: null,
  help: "",
  group: "basics",
  ...change,
});

describe("parameters", () => {
  it("finds what is wrong and says it", () => {
    const epochs = parameter({});
    expect(problemOf(epochs, 30)).toBeUndefined();
    expect(problemOf(epochs, "")).toMatch(/number is needed/);
    expect(problemOf(epochs, 1.5)).toMatch(/whole number/);
    expect(problemOf(epochs, 101)).toBe("Between 0 and 100.");
    expect(problemOf(parameter({ kind: "choice", choices: ["auto"] }), "auto")).toBeUndefined();
    expect(problemOf(parameter({ name: "image_size", maximum: 2048 }), 300)).toContain("288 or 320");
  });

  it("sends only what differs from the defaults", () => {
    const list = [parameter({}), parameter({ name: "lr", kind: "float", default: 0.003 })];
    const values = { ...defaultsOf(list), epochs: 5 };
    expect(changedOf(list, values)).toEqual({ epochs: 5 });
  });

  it("sets the group of a preset and sends only what differs from it", () => {
    const list = [
      parameter({ name: "augment", kind: "choice", default: "default", group: "augmentation" }),
      parameter({ name: "flip_y", kind: "float", default: 0, group: "augmentation" }),
      parameter({ name: "lr", kind: "float", default: 0.003 }),
    ];
    const aerial = { name: "aerial", help: "", values: { flip_y: 0.5 } };
    const values = withPreset(list, { ...defaultsOf(list), lr: 0.01, flip_y: 0.3 }, aerial);
    expect(values).toEqual({ augment: "aerial", flip_y: 0.5, lr: 0.01 });
    expect(changedOf(list, values, aerial)).toEqual({ augment: "aerial", lr: 0.01 });
    expect(changedOf(list, { ...values, flip_y: 0 }, aerial)).toEqual({ augment: "aerial", lr: 0.01, flip_y: 0 });
  });

  it("names parameters it has never heard of", () => {
    expect([labelOf("lr"), labelOf("brand_new")]).toEqual(["Learning rate", "brand new"]);
  });
});

describe("curves", () => {
  const curves = curvesOf([
    { name: "val/map50", step: 2, value: 0.5 },
    { name: "val/map50", step: 1, value: 0.6 },
    { name: "lr", step: 1, value: 0.1 },
  ]);

  it("are ordered by step and found by name", () => {
    expect(curves.get("val/map50")).toEqual([
      [1, 0.6],
      [2, 0.5],
    ]);
    expect(seriesOf(curves, ["val/map50", "val/map50_95"]).map((one) => one.name)).toEqual(["mAP 50"]);
  });

  it("have a best point", () => {
    expect(bestOf(curves.get("val/map50"))).toEqual([1, 0.6]);
    expect(bestOf(undefined)).toBeNull();
  });
});

describe("readiness", () => {
  const counts = (labeled: number, val: number): ProjectCounts => ({
    splits: [
      { split: "train", images: labeled + 1, unlabeled: 1, annotations: 0 },
      { split: "val", images: val, unlabeled: 0, annotations: 0 },
      { split: "test", images: 4, unlabeled: 0, annotations: 0 },
    ],
    classes: [{ class_id: "c", name: "cell", train: labeled, val, test: 0, none: 0 }],
    trash: 0,
    duplicates: 0,
    proposals: 0,
    to_review: 0,
  });

  it("blocks a training without labelled images", () => {
    expect(readiness(counts(0, 4)).blockers).toHaveLength(1);
    expect(readiness({ ...counts(4, 4), classes: [] }).blockers).toHaveLength(1);
  });

  it("advises, but lets start, without validation or with few examples", () => {
    const { blockers, advice } = readiness(counts(4, 0));
    expect(blockers).toEqual([]);
    expect(advice).toHaveLength(2);
    expect(advice[1]).toContain("cell (4)");
  });
});
