import { describe, expect, it } from "vitest";
import { stepsOf } from "./steps";

const at = (state: "new" | "in_work" | "submitted" | "accepted" | "returned", assignee_id: string | null) => ({
  state,
  assignee_id,
});

describe("what a person may do with an image", () => {
  it("lets annotators submit and withdraw what is theirs, or nobody's", () => {
    expect(stepsOf(at("in_work", "me"), "me", "annotator")).toEqual(["submit"]);
    expect(stepsOf(at("new", null), "me", "annotator")).toEqual(["submit"]);
    expect(stepsOf(at("returned", "other"), "me", "annotator")).toEqual([]);
    expect(stepsOf(at("submitted", "me"), "me", "annotator")).toEqual(["withdraw"]);
    expect(stepsOf(at("submitted", "other"), "me", "annotator")).toEqual([]);
  });

  it("lets reviewers judge the work of others only", () => {
    expect(stepsOf(at("submitted", "other"), "me", "reviewer")).toEqual(["accept", "return"]);
    expect(stepsOf(at("submitted", "me"), "me", "reviewer")).toEqual(["withdraw"]);
    expect(stepsOf(at("accepted", "other"), "me", "reviewer")).toEqual(["return"]);
  });

  it("lets each of two people submit what they label for themselves", () => {
    const twice = (submitted: boolean) => ({ ...at("in_work", null), labelers: [{ user_id: "me", submitted }] });
    expect(stepsOf(twice(false), "me", "annotator")).toEqual(["submit"]);
    expect(stepsOf(twice(true), "me", "annotator")).toEqual(["withdraw"]);
  });

  it("lets managers do anything, and viewers nothing", () => {
    expect(stepsOf(at("submitted", "me"), "me", "manager")).toEqual(["accept", "return", "withdraw"]);
    expect(stepsOf(at("new", "other"), "me", "manager")).toEqual(["submit"]);
    expect(stepsOf(at("submitted", "other"), "me", "viewer")).toEqual([]);
    expect(stepsOf(at("new", null), "me", undefined)).toEqual([]);
  });
});
