// @vitest-environment jsdom
import { describe, expect, it } from "vitest";

import type { Track } from "../../canvas";
import { byId } from "../sync/wire";
import { bringingBack, takingBack, trackSteps } from "./past";
import type { TrackSave } from "./past";

const track = (id: string, frames: readonly number[], more: Partial<Track> = {}): Track => ({
  id,
  class_id: "car",
  keyframes: frames.map((frame) => ({
    frame,
    geometry: { type: "box", x0: frame, y0: 0, x1: frame + 10, y1: 10 },
    outside: false,
    occluded: false,
    attributes: {},
  })),
  z: 0,
  attributes: {},
  source: "manual",
  author_id: null,
  external_id: null,
  ...more,
});

const save = (revision: number, change_id: string, ...put: (Track | string)[]): TrackSave => ({
  revision,
  change_id,
  author_id: "ann",
  author_name: "Ann",
  run_id: null,
  created_at: "2026-11-28T00:00:00Z",
  changes: put.map((one) => (typeof one === "string" ? { op: "delete", id: one } : { op: "upsert", annotation: one })),
});

const followed = save(3, "follow:c", track("a", [0, 4, 8]));
const imported = save(2, "import:u", track("b", [0]), track("d", [3]));
const steps = trackSteps([track("a", [0])], [save(4, "e", "d"), followed, imported]);

describe("the history of a video", () => {
  it("says what each save has changed", () => {
    expect(steps.map(({ summary }) => summary)).toEqual([
      "1 deleted",
      "Tracker: 1 changed, 2 key frames more",
      "Import: 2 added",
    ]);
  });

  it("takes an import or a following run back as a whole, but not what was changed since", () => {
    const now = byId([track("a", [0, 4, 8]), track("b", [0, 9])]);
    const [, following, importing] = steps;
    if (!following || !importing) throw new Error("there are three steps");
    expect(takingBack((id) => now.get(id), following).changes).toMatchObject([
      { op: "update", id: "a", after: { keyframes: [{ frame: 0 }] } },
    ]);
    expect(takingBack((id) => now.get(id), importing)).toEqual({ changes: [], kept: 1 });
    now.set("b", track("b", [0]));
    expect(takingBack((id) => now.get(id), importing)).toMatchObject({ changes: [{ op: "delete" }], kept: 0 });
  });

  it("brings an older state back, without tracks of classes that are gone", () => {
    const wanted = byId([track("a", [0]), track("x", [1], { class_id: "gone" })]);
    const changes = bringingBack([track("a", [0, 4]), track("b", [0])], wanted, (id) => id === "car");
    expect(changes.map(({ op }) => op)).toEqual(["update", "delete"]);
  });
});
