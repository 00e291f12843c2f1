// @vitest-environment jsdom
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { ServerEvent } from "./events";
import { Invalidator, staleKeys } from "./invalidate";

const event = (topic: ServerEvent["topic"], id = "x"): ServerEvent => ({ topic, project_id: "p", id, data: {} });

describe("staleKeys", () => {
  it("refreshes a job and the lists it stands in", () => {
    expect(staleKeys(event("job", "j"))).toEqual([
      ["job", "j"],
      ["jobs", "p"],
    ]);
  });

  it("refreshes the library, its counts and the cards when an image changes", () => {
    const keys = staleKeys(event("image", "i"));
    expect(keys).toContainEqual(["images", "p"]);
    expect(keys).toContainEqual(["counts", "p"]);
    expect(keys).toContainEqual(["image", "i"]);
  });
});

describe("people", () => {
  it("looks again at what one may do when a role changes", () => {
    expect(staleKeys(event("member", "u"))).toContainEqual(["role", "p"]);
    expect(staleKeys(event("user", "u"))).toContainEqual(["session"]);
  });
});

describe("Invalidator", () => {
  beforeEach(() => vi.useFakeTimers());
  afterEach(() => vi.useRealTimers());

  it("marks each part once for a burst of events", () => {
    const marked: unknown[] = [];
    const invalidator = new Invalidator((key) => marked.push(key));
    for (let n = 0; n < 100; n += 1) invalidator.push(event("job.metric", "j"));
    vi.runAllTimers();
    expect(marked).toEqual([["jobMetrics", "j"]]);
    invalidator.push(event("job.metric", "j"));
    vi.runAllTimers();
    expect(marked).toHaveLength(2);
  });

  it("refreshes long lists later than single things", () => {
    const marked: unknown[] = [];
    const invalidator = new Invalidator((key) => marked.push(key));
    invalidator.push(event("image", "i"));
    vi.advanceTimersByTime(500);
    expect(marked).toEqual([["image", "i"]]);
    vi.advanceTimersByTime(2000);
    expect(marked).toContainEqual(["images", "p"]);
  });

  it("marks everything after a gap", () => {
    const marked: unknown[] = [];
    new Invalidator((key) => marked.push(key)).push("resync");
    vi.runAllTimers();
    expect(marked).toEqual([[]]);
  });
});
