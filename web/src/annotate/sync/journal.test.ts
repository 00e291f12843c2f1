// @vitest-environment jsdom
import * as fc from "fast-check";
import { beforeEach, describe, expect, it, vi } from "vitest";

import type { Annotation } from "../../canvas";
import { IndexedJournal } from "./journal";
import type { Draft } from "./journal";
import { Server, boxes, openTab, shape, wipe } from "./tab.fixture";

const draftOf = (...mine: Annotation[]): Draft => {
  return { revision: 1, ids: mine.map(({ id }) => id), base: [], mine, inFlight: null };
};

beforeEach(wipe);

describe("IndexedJournal", () => {
  it("hands a draft to the next tab once, and to nobody else", async () => {
    const first = new IndexedJournal("anna");
    first.write("picture", draftOf(shape("x", 3)));
    await vi.waitUntil(() => first.kept);
    first.close();
    expect(await new IndexedJournal("bert").left()).toEqual([]);
    const second = new IndexedJournal("anna");
    expect(await second.left()).toEqual(["picture"]);
    const found = await second.adopt("picture");
    expect(found.map(({ draft }) => draft.mine[0]?.geometry)).toEqual([shape("x", 3).geometry]);
    found[0]?.drop();
    await vi.waitUntil(() => second.kept);
    expect(await second.left()).toEqual([]);
  });

  it("lets nothing go that its tab has written since: it was not gone after all", async () => {
    const [first, second] = [new IndexedJournal("anna"), new IndexedJournal("anna")];
    first.write("picture", draftOf(shape("x")));
    const [found] = await second.adopt("picture");
    first.write("picture", draftOf(shape("x"), shape("y")));
    await vi.waitUntil(() => first.kept);
    found?.drop();
    await vi.waitUntil(() => second.kept);
    const [newer] = await new IndexedJournal("anna").adopt("picture");
    expect(newer?.draft.ids).toEqual(["x", "y"]);
  });

  it("leaves the drafts of tabs that live alone", async () => {
    const held: string[] = [];
    const locks = {
      request: (name: string, end: () => Promise<void>) => {
        held.push(name);
        return end().then(() => held.splice(held.indexOf(name), 1));
      },
      query: () => Promise.resolve({ held: held.map((name) => ({ name })) }),
    };
    vi.stubGlobal("navigator", { locks });
    const living = new IndexedJournal("anna");
    living.write("picture", draftOf(shape("x")));
    await vi.waitUntil(() => living.kept);
    const other = new IndexedJournal("anna");
    expect(await other.adopt("picture")).toEqual([]);
    living.close();
    await vi.waitUntil(() => held.length === 1);
    expect(await other.adopt("picture")).toHaveLength(1);
    vi.unstubAllGlobals();
  });

  it("says so where nothing can be kept", async () => {
    vi.stubGlobal("indexedDB", { open: () => { throw new DOMException("no", "SecurityError"); } }); // prettier-ignore
    const journal = new IndexedJournal("anna");
    journal.write("picture", draftOf(shape("x")));
    await vi.waitUntil(() => !journal.kept);
    expect(await journal.adopt("picture")).toEqual([]);
    vi.unstubAllGlobals();
  });
});

describe("a queue with a journal", () => {
  it("brings everything back after the server and then the tab are gone", async () => {
    const server = new Server();
    const tab = await openTab(server);
    server.away = true;
    tab.put("new", 7);
    tab.put("a", 9);
    tab.remove("b");
    await tab.queue.flush();
    expect(tab.queue.status).toMatchObject({ state: "offline", unsaved: 3 });
    await tab.crash();
    server.away = false;
    const next = await openTab(server);
    await next.queue.flush();
    expect(next.queue.status.state).toBe("saved");
    expect(boxes(server.state.annotations)).toEqual(boxes([shape("a", 9), shape("new", 7)]));
    await vi.waitUntil(() => next.journal.kept);
    await next.crash();
    expect(await new IndexedJournal("anna").left()).toEqual([]);
  });

  it("merges what others did meanwhile, and asks only about the same shape", async () => {
    const server = new Server();
    const tab = await openTab(server);
    server.away = true;
    tab.put("a", 9);
    tab.put("mine", 1);
    await tab.crash();
    server.edit([
      { op: "upsert", annotation: shape("a", 20) },
      { op: "upsert", annotation: shape("b", 30) },
    ]);
    server.away = false;
    const next = await openTab(server);
    await next.queue.flush();
    expect(next.queue.status.clashes.map(({ id }) => id)).toEqual(["a"]);
    expect(next.store.get("a")?.geometry).toEqual(shape("a", 9).geometry);
    expect(boxes(server.state.annotations).get("mine")).toEqual(shape("mine", 1).geometry);
    expect(next.store.get("b")?.geometry).toEqual(shape("b", 30).geometry);
    next.queue.resolve("a", "mine");
    await next.queue.flush();
    expect(boxes(server.state.annotations)).toEqual(boxes(next.store.all()));
  });

  it("loses no stroke, wherever tabs and servers die", async () => {
    const step = fc.record({
      what: fc.constantFrom("put", "put", "remove", "flush", "crash", "away", "back", "lossy", "sound"),
      id: fc.constantFrom("a", "b", "c", "d"),
      x: fc.integer({ min: 0, max: 90 }),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 20 }), async (steps) => {
        wipe();
        const server = new Server();
        let tab = await openTab(server);
        const wanted = new Map([shape("a"), shape("b")].map((one) => [one.id, one.geometry]));
        for (const { what, id, x } of steps) {
          if (what === "put") {
            tab.put(id, x);
            wanted.set(id, shape(id, x).geometry);
          } else if (what === "remove") {
            tab.remove(id);
            wanted.delete(id);
          } else if (what === "flush") await tab.queue.flush();
          else if (what === "crash") {
            await tab.crash();
            // No picture opens while nobody answers.
            server.away = server.losesReplies = false;
            tab = await openTab(server);
          } else if (what === "away" || what === "back") server.away = what === "away";
          else server.losesReplies = what === "lossy";
        }
        server.away = server.losesReplies = false;
        for (let i = 0; i < 4; i++) await tab.queue.flush();
        await tab.crash();
        expect(boxes(server.state.annotations)).toEqual(wanted);
        expect(await new IndexedJournal("anna").left()).toEqual([]);
      }),
      { numRuns: Math.min(fc.readConfigureGlobal().numRuns ?? 100, 2000) },
    );
  }, 60_000);
});
