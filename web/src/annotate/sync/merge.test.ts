import * as fc from "fast-check";
import { describe, expect, it } from "vitest";

import { Store, changeSet, drawn } from "../../canvas";
import type { Annotation } from "../../canvas";
import { Ledger } from "./ledger";
import { merge } from "./merge";
import { alike, byId, difference, idOf, patched } from "./wire";
import type { ById, WireChange } from "./wire";

const IDS = ["a", "b", "c", "d", "e", "f"];
const shape = (id: string, x: number, class_id = "cat"): Annotation => ({
  ...drawn({ type: "box", x0: x, y0: 0, x1: x + 5, y1: 5 }, class_id),
  id,
});

const anyShape = fc.record({
  id: fc.constantFrom(...IDS),
  x: fc.integer({ min: 0, max: 4 }),
  class_id: fc.constantFrom("cat", "dog"),
});
const state = fc
  .uniqueArray(anyShape, { selector: ({ id }) => id })
  .map((list) => byId(list.map(({ id, x, class_id }) => shape(id, x, class_id))));
/** A row of edits; a missing shape is a deletion. */
const edits = fc.array(
  fc.record({ id: fc.constantFrom(...IDS), made: fc.option(anyShape) }).map(({ id, made }): WireChange => {
    return made ? { op: "upsert", annotation: shape(id, made.x, made.class_id) } : { op: "delete", id };
  }),
  { maxLength: 10 },
);

/** What stands after a merge, with every question left open in favour of what is here. */
function merged(base: ById, theirs: ById, mine: ById): ById {
  const store = new Store(mine.values());
  store.apply(changeSet("remote", merge(base, theirs, mine).incoming));
  return byId(store.all());
}

const everyId = (...states: ById[]) => new Set(states.flatMap((one) => [...one.keys()]));

describe("merge", () => {
  it("needs no question when both sides did the same", () => {
    const base = byId([shape("a", 0)]);
    const both = shape("a", 5);
    expect(merge(base, byId([both]), byId([{ ...both }]))).toEqual({ incoming: [], clashes: [] });
    expect(merge(base, byId([]), byId([]))).toEqual({ incoming: [], clashes: [] });
  });

  it("keeps every edit of both sides, and asks exactly where both changed the same shape in different ways", () => {
    fc.assert(
      fc.property(state, edits, edits, (base, ours, others) => {
        const [mine, theirs] = [patched(base, ours), patched(base, others)];
        const result = merged(base, theirs, mine);
        const asked = new Set(merge(base, theirs, mine).clashes.map(({ id }) => id));
        for (const id of everyId(base, mine, theirs)) {
          const [old, own, other, now] = [base, mine, theirs, result].map((one) => one.get(id));
          const both = !alike(old, own) && !alike(old, other) && !alike(own, other);
          expect(asked.has(id)).toBe(both);
          // Untouched here: theirs. Touched here: ours, also while the question is open. A deletion is an edit too.
          expect(alike(now, alike(old, own) ? other : own)).toBe(true);
        }
      }),
    );
  });

  it("changes nothing when done again, whichever side has it", () => {
    fc.assert(
      fc.property(state, edits, edits, (base, ours, others) => {
        const [mine, theirs] = [patched(base, ours), patched(base, others)];
        const once = merged(base, theirs, mine);
        expect(merge(theirs, theirs, once)).toEqual({ incoming: [], clashes: [] });
        const again = merge(base, theirs, once);
        expect(again.incoming).toEqual([]);
        expect(again.clashes).toEqual(merge(base, theirs, mine).clashes);
      }),
    );
  });
});

describe("Ledger", () => {
  /** Plays `ours` here while others bring the server through `states`. */
  function played(base: ById, ours: readonly WireChange[], states: readonly ById[]): [Ledger, Store] {
    const store = new Store(base.values());
    const ledger = new Ledger(store, { revision: 1, annotations: [...base.values()] });
    store.observe(({ origin, changes }) => {
      if (origin !== "remote") ledger.touch(changes);
    });
    for (const change of ours) {
      const known = store.get(idOf(change));
      if (known) store.apply(changeSet("local", [{ op: "delete", annotation: known }]));
      if (change.op === "upsert") store.apply(changeSet("local", [{ op: "create", annotation: change.annotation }]));
    }
    states.forEach((annotations, n) => ledger.take({ revision: n + 2, annotations: [...annotations.values()] }));
    return [ledger, store];
  }

  it("asks the same and keeps the same, in however many steps it hears of the others", () => {
    fc.assert(
      fc.property(state, edits, fc.array(edits, { minLength: 1, maxLength: 4 }), (base, ours, rounds) => {
        const mine = patched(base, ours);
        let theirs = base;
        const states = rounds.map((others) => (theirs = patched(theirs, others)));
        const [ledger, store] = played(base, ours, [...states, theirs]);
        const held = new Set(ledger.clashes.map(({ id }) => id));
        for (const id of everyId(base, mine, theirs)) {
          const [old, own, other] = [base.get(id), mine.get(id), theirs.get(id)];
          if (alike(old, own)) expect(alike(store.get(id), other)).toBe(true);
          // A shape edited here stays as it is until somebody has decided, or until both sides agreed on the way.
          else if (!states.some((one) => alike(one.get(id), own))) expect(alike(store.get(id), own)).toBe(true);
          if (held.has(id)) expect(alike(own, other)).toBe(false);
        }
        // What is left to send and to decide is all that differs.
        const open = new Set([...ledger.pending().map(idOf), ...held]);
        const differs = difference(theirs, (id) => store.get(id), everyId(theirs, mine)).map(idOf);
        expect(open).toEqual(new Set(differs));
      }),
    );
  });

  it("holds a question until it is answered, through newer states, and in the journal", () => {
    const [mine, first, second] = [shape("a", 1), shape("a", 2), shape("b", 3)];
    const base = byId([shape("a", 0), shape("b", 0)]);
    const ours: WireChange[] = [{ op: "upsert", annotation: mine }];
    const [ledger, store] = played(base, ours, [byId([first, shape("b", 0)]), byId([first, second])]);
    expect(ledger.clashes).toMatchObject([{ id: "a", mine, theirs: first }]);
    expect(ledger.pending()).toEqual([]);
    expect(ledger.draft()).toMatchObject({ ids: ["a"], base: [{ geometry: shape("a", 0).geometry }], mine: [mine] });
    ledger.resolve("a", "theirs");
    expect(store.get("a")).toEqual(first);
    expect(ledger.draft()).toBeNull();
  });

  it("drops a question that answers itself: the others took theirs back, or ours became like theirs", () => {
    const base = byId([shape("a", 0)]);
    const ours: WireChange[] = [{ op: "upsert", annotation: shape("a", 1) }];
    const [back] = played(base, ours, [byId([shape("a", 2)]), base]);
    expect(back.clashes).toEqual([]);
    expect(back.pending()).toHaveLength(1);
    const [like, store] = played(base, ours, [byId([shape("a", 2)])]);
    store.apply(
      changeSet("local", [{ op: "update", id: "a", before: {}, after: { geometry: shape("a", 2).geometry } }]),
    );
    expect(like.clashes).toEqual([]);
    expect(like.unsaved).toBe(0);
  });
});
