// @vitest-environment jsdom
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";

import { Store, changeSet, drawn } from "../../canvas";
import type { Annotation } from "../../canvas";
import { alike, byId } from "../sync/wire";
import type { WireChange } from "../sync/wire";
import { stateOf } from "../useImageState";
import { steps } from "./log";
import type { LogEntry } from "./log";
import { restoring } from "./useHistory";

const shape = (id: string, x = 0, more: Partial<Annotation> = {}): Annotation => ({
  ...drawn({ type: "box", x0: x, y0: 0, x1: x + 10, y1: 10 }, "cat"),
  id,
  ...more,
});
const put = (annotation: Annotation): WireChange => ({ op: "upsert", annotation });
const save = (revision: number, ...changes: readonly WireChange[]): LogEntry => ({
  revision,
  changes,
  author_id: "me",
  author_name: "Me",
  run_id: null,
  created_at: "2026-01-01T00:00:00Z",
});

describe("steps", () => {
  it("tell in words what each save has changed, and how the picture was after it", () => {
    const proposal = shape("p", 50, { state: "proposal", score: 0.5 });
    const wide = { type: "box", x0: 5, y0: 0, x1: 90, y1: 10 } as const;
    const found = steps(
      [shape("old")],
      [
        save(7, put(shape("b", 5, { geometry: wide, author_id: "you" }))),
        save(6, put(shape("b", 5, { geometry: wide, class_id: "cat" })), { op: "delete", id: "q" }),
        save(5, put({ ...proposal, state: "accepted" }), put(shape("b", 5, { class_id: "dog" }))),
        save(4, put(shape("b", 5)), { op: "delete", id: "old" }),
        save(3, put(proposal), put({ ...proposal, id: "q" })),
        save(2, put(shape("a")), put(shape("b"))),
      ],
    );
    expect(found.map(({ entry, summary }) => `${entry.revision}: ${summary}`)).toEqual([
      "7: no visible change",
      "6: 1 rejected, 1 relabelled",
      "5: 1 accepted, 1 relabelled",
      "4: 1 moved, 1 deleted",
      "3: 2 proposed",
      "2: 2 added",
    ]);
    expect(found.map(({ after }) => [...after.keys()].sort().join(""))).toEqual([
      "abp", "abp", "abpq", "abpq", "aboldpq", "abold",
    ]); // prettier-ignore
  });

  it("call a shape of another size reshaped", () => {
    const larger = { type: "box", x0: 0, y0: 0, x1: 11, y1: 10 } as const;
    expect(steps([shape("a")], [save(2, put(shape("a", 0, { geometry: larger })))])[0]?.summary).toBe("1 reshaped");
    expect(steps([shape("a")], [save(2, put(shape("a", 0, { z: 3 })))])[0]?.summary).toBe("1 changed");
  });
});

describe("restoring", () => {
  const states = fc.uniqueArray(fc.record({ id: fc.constantFrom("a", "b", "c", "d"), x: fc.nat(3) }), {
    selector: ({ id }) => id,
  });

  it("makes the present equal to any former state, as one step that undo takes back", () => {
    fc.assert(
      fc.property(states, states, (now, then) => {
        const present = now.map(({ id, x }) => shape(id, x));
        const wanted = byId(then.map(({ id, x }) => shape(id, x)));
        const store = new Store(present);
        store.apply(changeSet("local", restoring(store.all(), wanted)));
        expect(store.size).toBe(wanted.size);
        for (const [id, annotation] of wanted) expect(alike(store.get(id), annotation)).toBe(true);
        expect(restoring(store.all(), wanted)).toEqual([]);
      }),
    );
  });
});

describe("stateOf", () => {
  it("counts what is drawn at once, and proposals never", () => {
    const proposal = shape("p", 0, { state: "proposal" });
    expect(stateOf([proposal], "unlabeled")).toBe("unlabeled");
    expect(stateOf([proposal], "empty")).toBe("empty");
    expect(stateOf([proposal, shape("a")], "empty")).toBe("labeled");
    expect(stateOf([], "labeled")).toBe("unlabeled");
  });
});
