import { describe, expect, it } from "vitest";
import { asking, parseQualityView, questionOf } from "./view";

describe("the view in the address", () => {
  it("keeps what it knows, and one question at a time", () => {
    expect(parseQualityView({ evaluation: "e", outcome: "fp", class: "c", image: "i", odd: 1 })).toEqual({
      evaluation: "e",
      outcome: "fp",
      class: "c",
      image: "i",
    });
    expect(parseQualityView({ truth: "a", found: "b", outcome: "fp" })).toEqual({ truth: "a", found: "b" });
    expect(parseQualityView({ truth: "a", kind: "missed" })).toEqual({ kind: "missed" });
    expect(parseQualityView({ outcome: "odd", kind: 3, class: "" })).toEqual({});
  });

  it("changes the question, not the evaluation", () => {
    const view = parseQualityView({ evaluation: "e", kind: "missed", class: "c", image: "i" });
    expect(questionOf(view)).toEqual({ kind: "missed", class: "c" });
    expect(asking(view, { outcome: "tp" })).toEqual({ evaluation: "e", outcome: "tp" });
  });
});
