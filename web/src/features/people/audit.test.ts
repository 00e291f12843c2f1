import { expect, it } from "vitest";
import type { AuditEntry } from "../../api/types";
import { describe as sentence, whoOf } from "./audit";

const entry = (action: string, detail: Record<string, unknown> = {}, user_name = "ann"): AuditEntry => ({
  id: "1",
  created_at: "2026-11-25T12:00:00.000Z",
  user_id: null,
  user_name,
  address: null,
  action,
  project_id: null,
  subject: null,
  detail,
});

it.each([
  ["session.open", {}, "signed in"],
  ["user.create", { name: "bob", admin: false }, "made the user bob"],
  ["user.update", { user: "bob", disabled: true }, "changed the user bob (disabled)"],
  ["user.update", { user: "bob", name: "rob", admin: true }, "changed the user bob (named rob, an administrator now)"],
  ["member.set", { name: "bob", role: "annotator", before: null }, "gave bob the role Annotator"],
  ["token.revoke", { name: "nightly" }, "revoked the API token nightly"],
  ["images.trash", { count: 12 }, "put images into the trash (12)"],
  ["job.start", { kind: "train", title: "Train ours" }, "started Train ours"],
  [
    "model.correct",
    { name: "yolox", score_threshold: "0.25 → 0.4", "input.mean": "0, 0, 0 → 1, 2, 3" },
    "corrected the model yolox (score threshold 0.25 → 0.4; input mean 0, 0, 0 → 1, 2, 3)",
  ],
  ["some.new_deed", { count: 3 }, "some new deed (3)"],
])("says %s with %j as a sentence", (action, detail, said) => {
  expect(sentence(entry(action, detail))).toBe(said);
});

it("names whoever was refused at sign-in, known or not", () => {
  expect(whoOf(entry("session.refused", {}, ""))).toBe("somebody");
  expect(whoOf(entry("session.refused", {}, "mallory"))).toBe("mallory");
});
