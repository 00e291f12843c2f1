import * as fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import { Document, changeSet, drawn, update } from "../../canvas";
import type { Annotation } from "../../canvas";
import { merge } from "./merge";
import { Offline, Refused, Stale, SyncQueue } from "./queue";
import type { Transport } from "./queue";
import { byId, patched } from "./wire";
import type { Remote, WireChangeSet } from "./wire";

const shape = (id: string, x = 0): Annotation => ({
  ...drawn({ type: "box", x0: x, y0: 0, x1: x + 5, y1: 5 }, "cat"),
  id,
});

type Fault = "unreachable" | "reply lost" | "refused";

/** A server of one picture, after the rules of the API: revisions, and one answer per change id. */
class Server implements Transport {
  state: Remote;
  readonly answers = new Map<string, number>();
  readonly received: WireChangeSet[] = [];
  /** What goes wrong with the next requests, in order. */
  faults: Fault[] = [];

  constructor(annotations: Annotation[]) {
    this.state = { revision: 1, annotations };
  }

  save(_: string, body: WireChangeSet): Promise<{ revision: number }> {
    const fault = this.faults.shift();
    if (fault === "unreachable") return Promise.reject(new Offline());
    if (fault === "refused") return Promise.reject(new Refused("no such class"));
    this.received.push(body);
    const known = this.answers.get(body.change_id);
    if (known === undefined && body.base_revision !== this.state.revision) return Promise.reject(new Stale());
    if (known === undefined) this.edit(body.changes);
    const revision = known ?? this.state.revision;
    this.answers.set(body.change_id, revision);
    return fault === "reply lost" ? Promise.reject(new Offline()) : Promise.resolve({ revision });
  }

  load(): Promise<Remote> {
    return Promise.resolve(this.state);
  }

  /** Somebody else saves. */
  edit(changes: WireChangeSet["changes"]): void {
    const annotations = [...patched(byId(this.state.annotations), changes).values()];
    this.state = { revision: this.state.revision + 1, annotations };
  }
}

function open(annotations: Annotation[]) {
  const server = new Server(annotations);
  const { store, history } = new Document("picture", { width: 100, height: 100 }, annotations);
  const queue = new SyncQueue("picture", store, server.state, server);
  const move = (id: string, x: number) =>
    store.apply(changeSet("local", [update(store.get(id) ?? shape(id), { geometry: shape(id, x).geometry })]));
  const remove = (id: string) =>
    store.apply(changeSet("local", [{ op: "delete", annotation: store.get(id) ?? shape(id) }]));
  return { server, store, history, queue, move, remove };
}

interface Step {
  readonly who: "me" | "other" | "undo" | "wait";
  readonly id: string;
  readonly x: number;
}

/** Small numbers delete, the others create or move. */
async function play(
  { who, id, x }: Step,
  { server, store, history }: Pick<ReturnType<typeof open>, "server" | "store" | "history">,
) {
  const known = store.get(id);
  const made = shape(id, x);
  if (who === "wait") await settle(500);
  if (who === "undo") history.undo();
  if (who === "other") server.edit(x < 10 ? [{ op: "delete", id }] : [upsert(made)]);
  if (who !== "me") return;
  if (!known) store.apply(changeSet("local", [{ op: "create", annotation: made }]));
  else if (x < 10) store.apply(changeSet("local", [{ op: "delete", annotation: known }]));
  else store.apply(changeSet("local", [update(known, { geometry: made.geometry })]));
}

const settle = (ms = 400) => vi.advanceTimersByTimeAsync(ms);
const upsert = (annotation: Annotation) => ({ op: "upsert", annotation }) as const;

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

describe("SyncQueue", () => {
  it("coalesces edits into one set and reports how saving goes", async () => {
    const { server, queue, store, move } = open([shape("a")]);
    const seen: string[] = [];
    queue.subscribe(() => seen.push(queue.status.state));
    move("a", 1);
    move("a", 2);
    store.apply(changeSet("local", [{ op: "create", annotation: shape("b") }]));
    expect(queue.isDirty).toBe(true);
    await settle();
    expect(server.received).toHaveLength(1);
    expect(server.received[0]).toMatchObject({ base_revision: 1, changes: [{ op: "upsert" }, { op: "upsert" }] });
    expect(byId(server.state.annotations)).toEqual(byId(store.all()));
    expect([...new Set(seen)]).toEqual(["waiting", "saving", "saved"]);
    expect(queue.isDirty).toBe(false);
  });

  it("sends nothing for what was undone in time", async () => {
    const { server, history, queue, move } = open([shape("a")]);
    move("a", 1);
    history.undo();
    await settle();
    expect(server.received).toEqual([]);
    expect(queue.status.state).toBe("saved");
  });

  it("tries again with the same change id, so that a lost reply does no harm", async () => {
    const { server, queue, move } = open([shape("a")]);
    server.faults = ["reply lost", "unreachable"];
    move("a", 1);
    await settle();
    expect(queue.status.state).toBe("offline");
    move("a", 2);
    await settle(60_000);
    const ids = server.received.map(({ change_id }) => change_id);
    expect(ids).toHaveLength(3);
    expect(ids[0]).toBe(ids[1]);
    expect(server.state.revision).toBe(3);
    expect(queue.status.state).toBe("saved");
  });

  it("merges what others changed on other shapes without asking", async () => {
    const { server, store, queue, move } = open([shape("a"), shape("b"), shape("c")]);
    server.edit([upsert(shape("b", 50)), { op: "delete", id: "c" }, upsert(shape("d"))]);
    move("a", 1);
    await settle(1000);
    expect(queue.status.state).toBe("saved");
    expect(byId(store.all())).toEqual(byId(server.state.annotations));
    expect(store.get("a")?.geometry).toEqual(shape("a", 1).geometry);
    expect(store.get("b")?.geometry).toEqual(shape("b", 50).geometry);
    expect([store.has("c"), store.has("d")]).toEqual([false, true]);
  });

  it("makes a save of its own of what comes from elsewhere, and sends before what waits", async () => {
    const { server, store, queue, move } = open([shape("a"), shape("b")]);
    move("a", 1);
    const done = queue.apart("follow", () => move("a", 2));
    await settle(0);
    move("b", 3);
    await done;
    await settle();
    const sets = server.received.map(({ change_id: id, changes }) => [id.startsWith("follow:"), changes.length]);
    expect(sets).toEqual([[false, 1], [true, 1], [false, 1]]); // prettier-ignore
    expect(byId(server.state.annotations)).toEqual(byId(store.all()));
    await queue.apart("follow", () => undefined);
    move("b", 4);
    await settle();
    expect(server.received.at(-1)?.change_id).not.toMatch(/^follow:/);
  });

  it("keeps it apart also where somebody else was quicker, and sends it with the rest where the server is away", async () => {
    const { server, store, queue, move } = open([shape("a"), shape("b"), shape("c")]);
    server.edit([upsert(shape("c", 50))]);
    await queue.apart("follow", () => move("a", 2));
    move("b", 3);
    await settle(1000);
    const named = () => server.received.filter(({ change_id: id }) => id.startsWith("follow:"));
    expect(named().map(({ changes }) => changes.length)).toEqual([1, 1]);
    expect(byId(server.state.annotations)).toEqual(byId(store.all()));
    server.faults = ["unreachable", "unreachable"];
    move("b", 5);
    await queue.apart("follow", () => move("a", 6));
    expect(store.get("a")?.geometry).toEqual(shape("a", 6).geometry);
    await settle(60_000);
    expect(byId(server.state.annotations)).toEqual(byId(store.all()));
  });

  it("asks where the same shape changed twice, and saves the rest meanwhile", async () => {
    const { server, store, queue, move, remove } = open([shape("a"), shape("b"), shape("c")]);
    server.edit([upsert(shape("a", 50)), upsert(shape("b", 50))]);
    move("a", 1);
    remove("b");
    move("c", 7);
    await settle(1000);
    expect(queue.status.state).toBe("conflict");
    expect(queue.status.clashes.map(({ id, mine }) => [id, mine === undefined])).toEqual([["a", false], ["b", true]]); // prettier-ignore
    expect(byId(server.state.annotations).get("c")?.geometry).toEqual(shape("c", 7).geometry);
    queue.resolve("a", "mine");
    queue.resolve("b", "theirs");
    await settle(1000);
    expect(queue.status.state).toBe("saved");
    expect(byId(server.state.annotations)).toEqual(byId(store.all()));
    expect(store.get("a")?.geometry).toEqual(shape("a", 1).geometry);
    expect(store.get("b")?.geometry).toEqual(shape("b", 50).geometry);
  });

  it("says why the server refused and tries again with the next edit", async () => {
    const { server, queue, move } = open([shape("a")]);
    server.faults = ["refused"];
    move("a", 1);
    await settle();
    expect(queue.status).toMatchObject({ state: "refused", message: "no such class" });
    expect(queue.isDirty).toBe(true);
    move("a", 2);
    await settle();
    expect(queue.status.state).toBe("saved");
    expect(server.state.annotations[0]?.geometry).toEqual(shape("a", 2).geometry);
  });

  it("takes over newer states that it hears of, and ignores older ones", async () => {
    const { server, store, queue } = open([shape("a")]);
    server.edit([upsert(shape("a", 9))]);
    await queue.refresh();
    expect(store.get("a")?.geometry).toEqual(shape("a", 9).geometry);
    await queue.receive({ revision: 1, annotations: [] });
    expect(store.size).toBe(1);
    expect(queue.isDirty).toBe(false);
  });

  it("ends with equal states on both sides, whatever happens on the way", async () => {
    const step = fc.record({
      who: fc.constantFrom<Step["who"][]>("me", "other", "undo", "wait"),
      id: fc.constantFrom("a", "b", "c"),
      x: fc.integer({ min: 0, max: 40 }),
      fault: fc.constantFrom<(Fault | undefined)[]>(undefined, undefined, "unreachable", "reply lost"),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 25 }), async (steps) => {
        const { server, store, history, queue } = open([shape("a"), shape("b")]);
        for (const step of steps) {
          if (step.fault) server.faults.push(step.fault);
          await play(step, { server, store, history });
        }
        for (let i = 0; i < 10 && (queue.isDirty || i < 2); i++) {
          await settle(200_000);
          for (const { id } of queue.status.clashes) queue.resolve(id, id === "a" ? "mine" : "theirs");
        }
        await queue.refresh();
        expect(queue.status.state).toBe("saved");
        const geometries = (list: readonly Annotation[]) => new Map(list.map(({ id, geometry }) => [id, geometry]));
        expect(geometries(store.all())).toEqual(geometries(server.state.annotations));
      }),
      { numRuns: 60 },
    );
  });
});

describe("merge", () => {
  it("needs no question when both sides did the same", () => {
    const base = byId([shape("a")]);
    const both = { ...shape("a", 5) };
    expect(merge(base, byId([both]), byId([{ ...both }]))).toEqual({ incoming: [], clashes: [] });
    expect(merge(base, byId([]), byId([]))).toEqual({ incoming: [], clashes: [] });
  });
});
