import { describe, expect, it } from "vitest";
import { CREATE, isUseful, LEAVE, mappingOf, matches, ownScores, planOf, scoreOf, thresholdsOf } from "./plan";

const MODEL = ["disc", "cafe\u0301", "square"];
const PROJECT = ["disc", "caf\u00e9"];

describe("the classes of a model in a project", () => {
  it("are those of the same name, however it is composed", () => {
    expect(matches(MODEL, PROJECT)).toBe(2);
    const plan = planOf(MODEL, PROJECT, false, new Map());
    expect(plan.map(({ target }) => target)).toEqual(["disc", "caf\u00e9", LEAVE]);
    expect(mappingOf(plan)).toEqual({ class_map: { "cafe\u0301": "caf\u00e9", square: "" }, create_classes: false });
  });

  it("are created where they are missing, if that is wanted", () => {
    const plan = planOf(["disc", "square"], ["disc"], true, new Map());
    expect(mappingOf(plan)).toEqual({ class_map: {}, create_classes: true });
  });

  it("are what a person chose", () => {
    const chosen = new Map([
      ["disc", LEAVE],
      ["square", "disc"],
      ["star", CREATE],
    ]);
    const plan = planOf(["disc", "square", "star", "moon"], ["disc"], false, chosen);
    expect(mappingOf(plan)).toEqual({ class_map: { disc: "", square: "disc", moon: "" }, create_classes: true });
  });

  it("may be of no use at all", () => {
    expect(isUseful(planOf(["moon"], ["disc"], false, new Map()))).toBe(false);
    expect(isUseful(planOf(["moon"], ["disc"], true, new Map()))).toBe(true);
  });
});

describe("the least score of a class", () => {
  const row = (name: string, best_threshold: number | null) => ({ name, best_threshold });
  const model = {
    card: { score_threshold: 0.25, classes: [{ name: "disc" }, { name: "square" }, { name: "star" }] },
    val: { per_class: [row("disc", 0.6), row("square", null), row("gone", 0.5)] },
    test: { per_class: [row("disc", 0.1)] },
  } as never;

  it("is the model's own where its validation has found one", () => {
    expect([...ownScores(model)]).toEqual([["disc", 0.6]]);
    const scores = { own: true, one: 0.9, edited: new Map([["star", 0.7]]) };
    expect(["disc", "square", "star"].map((name) => scoreOf(scores, model, name))).toEqual([0.6, 0.25, 0.7]);
    expect(thresholdsOf(scores)).toEqual({ model_thresholds: true, threshold: null, thresholds: { star: 0.7 } });
  });

  it("is one for all where a person wants that, but for those that were set", () => {
    const scores = { own: false, one: 0.4, edited: new Map([["disc", 0.3]]) };
    expect(["disc", "square"].map((name) => scoreOf(scores, model, name))).toEqual([0.3, 0.4]);
    expect(thresholdsOf(scores)).toEqual({ model_thresholds: false, threshold: 0.4, thresholds: { disc: 0.3 } });
  });
});
