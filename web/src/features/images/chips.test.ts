import { describe, expect, it } from "vitest";
import { chipsOf } from "./chips";
import { parseFilter, withFilter, type ImageFilter } from "./filter";

const names = {
  classes: new Map([
    ["c1", "cat"],
    ["c2", "dog"],
  ]),
  people: new Map([["p1", "Ann"]]),
  videos: new Map([["v1", "street.mp4"]]),
  versions: new Map([["w1", "before"]]),
};
const labels = (filter: ImageFilter) => chipsOf(filter, names).map(({ label }) => label);

const FULL = parseFilter({
  split: "val",
  state: "proposals",
  classes: ["c1", "c2"],
  objects: "both",
  source: "model",
  min_score: 0.2,
  max_score: 0.5,
  min_area: 12000,
  max_share: 0.07,
  attribute: "fur",
  attribute_value: "red",
  min_objects: 2,
  max_objects: 2,
  tags: ["night", "wet"],
  changed_since: "w1",
  metadata: "camera",
  from: "2026-11-01",
  to: "2026-11-28",
  comments: "open",
  video: "v1",
  name: "shelf",
  assignee: "p1",
  work: "open",
  order: "least_sure",
});

describe("the chips of active filters", () => {
  it("say everything but the name, the tab and the order", () => {
    expect(labels(FULL)).toEqual([
      "State: To review",
      "Assigned to: Ann",
      "Progress: Still to do",
      "Class: cat or dog",
      "Source: A model",
      "Score: 0.2 to 0.5",
      "Size: from 12,000 px",
      "Share: up to 7 %",
      "Attribute: fur = red",
      "Looked at: Annotations and proposals",
      "Objects: 2",
      "Tag: night",
      "Tag: wet",
      "Metadata: camera",
      "Added: 2026-11-01 to 2026-11-28",
      "Changed since: before",
      "With open comments",
      "Video: street.mp4",
    ]);
    expect(labels({ name: "a", split: "train", order: "name" })).toEqual([]);
  });

  it("name what is gone, and those without a name", () => {
    expect(labels({ class: "c9", video: "v9", assignee: "p9" })).toEqual([
      "Assigned to: former member",
      "Class: deleted",
      "Video: deleted",
    ]);
    expect(labels({ assignee: "me", video: "none" })).toEqual(["Assigned to: Me", "No frames of videos"]);
  });

  it("each take away what they say, and nothing else", () => {
    for (const { key, without } of chipsOf(FULL, names)) {
      const left = chipsOf(withFilter(FULL, without), names).map((chip) => chip.key);
      expect(left).toEqual(
        chipsOf(FULL, names)
          .map((chip) => chip.key)
          .filter((other) => other !== key),
      );
    }
  });
});
