import fc from "fast-check";
import { describe, expect, it } from "vitest";

import { found, rankOf } from "./match";
import { lastFirst, used } from "./recent";

const names = (wanted: string) =>
  found(["hot dog", "dog", "dig on", "underdog", "Dögel", "cat"], wanted, (name) => name);

describe("found", () => {
  it("puts beginnings before words, words before parts, parts before letters", () => {
    expect(names("dog")).toEqual(["dog", "Dögel", "hot dog", "underdog", "dig on"].filter((name) => name !== "dig on"));
    expect(names("dgn")).toEqual(["dig on"]);
    expect(names("  ")).toHaveLength(6);
    expect(names("zebra")).toEqual([]);
  });

  it("finds every name by itself, by any part of it, and by its letters", () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1 }), fc.nat(), fc.nat(), (name, a, b) => {
        const part = name.slice(a % name.length, 1 + (b % name.length));
        expect(rankOf(name, name.trim())).not.toBeNull();
        if (part.trim() !== "") expect(found([name], part, (one) => one)).toEqual([name]);
      }),
    );
  });
});

describe("lastFirst", () => {
  it("puts what was used last first, each once, and forgets what is far back", () => {
    const ids = Array.from({ length: 40 }, (_, i) => `c${i}`);
    const recent = ["c7", "c3", "c7", "c9"].reduce<readonly string[]>((before, id) => used(before, id), []);
    expect(recent).toEqual(["c9", "c7", "c3"]);
    const order = lastFirst(ids, recent, (id) => id);
    expect(order.slice(0, 4)).toEqual(["c9", "c7", "c3", "c0"]);
    expect(new Set(order).size).toBe(ids.length);
    expect(ids.reduce<readonly string[]>((before, id) => used(before, id), [])).toHaveLength(9);
  });
});
