// @vitest-environment jsdom
import * as fc from "fast-check";
import { beforeEach, describe, expect, it, vi } from "vitest";

import type { Annotation, Item } from "../../canvas";
import { written } from "../transport";
import { IndexedJournal } from "./journal";
import type { Draft } from "./journal";
import { packed, unpacked } from "./packing";
import { shape, wipe } from "./tab.fixture";
import type { WireChange } from "./wire";

/** What may have become of a shape: new, gone, changed, on its way so or otherwise. */
const fate = fc.record({
  was: fc.boolean(),
  is: fc.boolean(),
  occluded: fc.boolean(),
  x: fc.integer({ min: 0, max: 9 }),
  sent: fc.constantFrom("nothing", "mine", "other", "gone"),
});

function draftOf(fates: readonly { was: boolean; is: boolean; occluded: boolean; x: number; sent: string }[]): Draft {
  const base: Annotation[] = [];
  const mine: Annotation[] = [];
  const changes: WireChange[] = [];
  fates.forEach(({ was, is, occluded, x, sent }, i) => {
    const id = `shape ${String(i)}`;
    const before = { ...shape(id), ...(occluded ? { occluded } : {}) };
    const now = { ...shape(id, x), geometry: x === 0 ? before.geometry : shape(id, x).geometry };
    if (was) base.push(before);
    if (is) mine.push(now);
    if (sent === "mine" && is) changes.push({ op: "upsert", annotation: now });
    if (sent === "other") changes.push({ op: "upsert", annotation: shape(id, 77) });
    if (sent === "gone") changes.push({ op: "delete", id });
  });
  const inFlight = changes.length === 0 ? null : { change_id: "set", base_revision: 3, changes };
  return { revision: 3, ids: fates.map((_, i) => `shape ${String(i)}`), base, mine, inFlight };
}

describe("a packed draft", () => {
  it("is unpacked to what it was", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fate, { maxLength: 450 }), async (fates) => {
        const draft = draftOf(fates);
        expect(unpacked(await packed(draft as Draft<Item>))).toEqual(draft);
      }),
      { numRuns: 30 },
    );
  });
});

describe("a journal of very many shapes", () => {
  beforeEach(wipe);
  const many = (x: number): Draft =>
    draftOf(Array.from({ length: 700 }, () => ({ was: true, is: true, occluded: false, x, sent: "nothing" })));

  it("keeps the newest draft, however quickly they come", async () => {
    const first = new IndexedJournal("anna");
    for (const x of [1, 2, 3, 4]) first.write("picture", many(x));
    expect(first.kept).toBe(false);
    await vi.waitUntil(() => first.kept);
    const [found] = await new IndexedJournal("anna").adopt("picture");
    expect(found?.draft).toEqual(many(4));
  });

  it("keeps also what cannot be made text, and what comes after", async () => {
    const first = new IndexedJournal("anna");
    const text = vi.spyOn(JSON, "stringify").mockImplementation(() => {
      throw new RangeError("Invalid string length");
    });
    first.write("picture", many(1));
    await vi.waitUntil(() => first.kept);
    text.mockRestore();
    const [found] = await new IndexedJournal("anna").adopt("picture");
    expect(found?.draft).toEqual(many(1));
    first.write("picture", many(2));
    await vi.waitUntil(() => first.kept);
    const [newer] = await new IndexedJournal("anna").adopt("picture");
    expect(newer?.draft).toEqual(many(2));
  });

  it("lets them go when they are saved meanwhile", async () => {
    const first = new IndexedJournal("anna");
    first.write("picture", many(1));
    first.write("picture", null);
    await vi.waitUntil(() => first.kept);
    expect(await new IndexedJournal("anna").left()).toEqual([]);
  });
});

describe("a set of very many changes", () => {
  it("is sent as the same text", async () => {
    const changes = Array.from({ length: 501 }, (_, i) => ({ op: "upsert", annotation: shape(`é ${String(i)}`, i) }));
    const body = { change_id: "set", base_revision: 2, changes };
    const blob = (await written(body, false)).bodySerializer?.();
    const text = await new Promise((done) => {
      const reader = new FileReader();
      reader.onload = () => done(reader.result);
      reader.readAsText(blob ?? new Blob([]));
    });
    expect(text).toBe(JSON.stringify(body));
    expect(await written(body, true)).toEqual({});
  });
});
