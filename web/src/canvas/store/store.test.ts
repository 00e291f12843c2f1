import * as fc from "fast-check";
import { describe, expect, it } from "vitest";

import type { Annotation, Change, ChangeSet } from "./changes";
import { changeSet, drawn, update } from "./changes";
import { History } from "./history";
import { same } from "./same";
import { Store } from "./store";

const shape = (id: string, x = 0): Annotation => ({
  ...drawn({ type: "box", x0: x, y0: 0, x1: x + 5, y1: 5 }, "cat"),
  id,
});

type Step = { readonly op: "create" | "move" | "relabel" | "delete"; readonly id: string; readonly value: number };

const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.record({
    op: fc.constantFrom("create", "move", "relabel", "delete"),
    id: fc.constantFrom("a", "b", "c", "d"),
    value: fc.integer({ min: 0, max: 99 }),
  }),
  { maxLength: 30 },
);

function changeOf(store: Store, { op, id, value }: Step): Change {
  const known = store.get(id) ?? shape(id);
  if (op === "create") return { op, annotation: shape(id, value) };
  if (op === "delete") return { op, annotation: known };
  const moved = { type: "box", x0: value, y0: 1, x1: value + 3, y1: 9 } as const;
  return update(known, op === "move" ? { geometry: moved } : { class_id: `class ${value}` });
}

const content = (store: Store): Record<string, Annotation> =>
  Object.fromEntries(store.all().map((annotation) => [annotation.id, annotation]));

describe("store and history", () => {
  it("undoes to the beginning and redoes to the end, state by state", () => {
    fc.assert(
      fc.property(steps, (list) => {
        const store = new Store([shape("a"), shape("b")]);
        const history = new History(store);
        const states = [content(store)];
        for (const step of list) {
          if (store.apply(changeSet("local", [changeOf(store, step)])).changes.length > 0) states.push(content(store));
        }
        const back = [content(store)];
        while (history.undo()) back.push(content(store));
        expect(back).toEqual([...states].reverse());
        const forth = [content(store)];
        while (history.redo()) forth.push(content(store));
        expect(forth).toEqual(states);
      }),
    );
  });

  it("an applied set followed by its reports rebuilds the same content elsewhere", () => {
    fc.assert(
      fc.property(steps, (list) => {
        const store = new Store();
        const copy = new Store();
        store.observe((set) => copy.apply(set));
        const history = new History(store);
        list.forEach((step, i) => {
          if (i % 5 === 4) history.undo();
          else store.apply(changeSet("local", [changeOf(store, step)]));
        });
        expect(content(copy)).toEqual(content(store));
      }),
    );
  });

  it("leaves the work of others alone when undoing", () => {
    const store = new Store([shape("a")]);
    const history = new History(store);
    store.apply(changeSet("local", [update(shape("a"), { class_id: "dog" })]));
    store.apply(changeSet("remote", [update(store.get("a") ?? shape("a"), { z: 7 })]));
    history.undo();
    expect(store.get("a")).toMatchObject({ class_id: "cat", z: 7 });
    history.redo();
    expect(store.get("a")).toMatchObject({ class_id: "dog", z: 7 });
  });

  it("passes over steps that somebody else made void", () => {
    const store = new Store([shape("a"), shape("b")]);
    const history = new History(store);
    store.apply(changeSet("local", [update(shape("b"), { z: 1 })]));
    store.apply(changeSet("local", [update(shape("a"), { z: 1 })]));
    store.apply(changeSet("remote", [{ op: "delete", annotation: shape("a") }]));
    history.undo();
    expect(store.get("b")?.z).toBe(0);
    expect(history.canUndo).toBe(false);
  });

  it("takes back and repeats what was done beside the shapes, with or without changes", () => {
    const store = new Store([shape("a")]);
    const history = new History(store);
    const said: string[] = [];
    const effect = (name: string) => ({ undo: () => said.push(`-${name}`), redo: () => said.push(`+${name}`) });
    history.record([{ op: "delete", annotation: shape("a") }], effect("one"));
    history.record([], effect("two"));
    expect(store.size).toBe(0);
    history.undo();
    expect([store.size, said]).toEqual([0, ["-two"]]);
    history.undo();
    expect([store.size, history.canUndo]).toEqual([1, false]);
    history.redo();
    history.redo();
    expect([store.size, history.canRedo]).toEqual([0, false]);
    expect(said).toEqual(["-two", "-one", "+one", "+two"]);
  });

  it("forgets what was undone when something new is done", () => {
    const store = new Store([shape("a")]);
    const history = new History(store);
    store.apply(changeSet("local", [update(shape("a"), { z: 1 })]));
    history.undo();
    store.apply(changeSet("local", [update(shape("a"), { z: 2 })]));
    expect(history.canRedo).toBe(false);
  });

  it("makes one step of a row of merged sets, until it is sealed", () => {
    const store = new Store([shape("a")]);
    const history = new History(store);
    const nudge = (z: number) =>
      store.apply(changeSet("local", [update(store.get("a") ?? shape("a"), { z })], "nudge"));
    nudge(1);
    nudge(2);
    history.seal();
    nudge(3);
    history.undo();
    expect(store.get("a")?.z).toBe(2);
    history.undo();
    expect(store.get("a")?.z).toBe(0);
  });

  it("says nothing when nothing changes", () => {
    const store = new Store([shape("a")]);
    const seen: ChangeSet[] = [];
    store.observe((set) => seen.push(set));
    store.apply(changeSet("local", [update(shape("a"), { z: 0 }), { op: "delete", annotation: shape("nobody") }]));
    store.replace([shape("a")].map((a) => ({ ...a, geometry: { ...a.geometry } })));
    expect(seen).toEqual([]);
  });

  it("takes over a newer state as one remote set", () => {
    const store = new Store([shape("a"), shape("b")]);
    const set = store.replace([{ ...shape("b"), class_id: "dog" }, shape("c")]);
    expect(set.origin).toBe("remote");
    expect(set.changes.map(({ op }) => op)).toEqual(["delete", "update", "create"]);
    expect(Object.keys(content(store))).toEqual(["b", "c"]);
  });
});

describe("same", () => {
  it("compares JSON by value", () => {
    expect(same({ a: [1, { b: 2 }] }, { a: [1, { b: 2 }] })).toBe(true);
    expect(same({ a: 1 }, { b: 1 })).toBe(false);
    expect(same([1, 2], [1])).toBe(false);
    expect(same(null, {})).toBe(false);
  });
});
