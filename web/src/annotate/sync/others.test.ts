// @vitest-environment jsdom
import * as fc from "fast-check";
import { beforeEach, describe, expect, it, vi } from "vitest";

import { Server, boxes, openTab, shape, wipe } from "./tab.fixture";
import type { WireChange } from "./wire";

const put = (id: string, x: number): WireChange => ({ op: "upsert", annotation: shape(id, x) });
const at = (x: number) => shape("", x).geometry;

beforeEach(wipe);

describe("the work of others", () => {
  it("waits while a shape is in hand, and is told once it has arrived", async () => {
    const server = new Server();
    let letGo = (): void => undefined;
    const calm = vi.fn(() => new Promise<void>((resolve) => (letGo = resolve)));
    const news = vi.fn();
    const tab = await openTab(server, { calm, news });
    server.edit([put("a", 30), put("b", 40)]);
    tab.queue.notice(server.state.revision);
    await vi.waitUntil(() => calm.mock.calls.length > 0);
    expect(tab.store.get("a")?.geometry).toEqual(at(0));
    // The gesture ends with an edit of one of the two: that one is asked about, the other one just arrives.
    tab.put("a", 7);
    letGo();
    await vi.waitUntil(() => tab.queue.status.state === "conflict");
    expect(tab.queue.status.clashes.map(({ id }) => id)).toEqual(["a"]);
    expect([tab.store.get("a"), tab.store.get("b")].map((one) => one?.geometry)).toEqual([at(7), at(40)]);
    expect(news).toHaveBeenCalledExactlyOnceWith("picture", { changes: 1, since: 1 });
  });

  it("is no step of undo, and a step that it has made void is passed over", async () => {
    const server = new Server();
    const tab = await openTab(server);
    tab.put("a", 5);
    tab.put("mine", 6);
    await tab.queue.flush();
    server.edit([{ op: "delete", id: "mine" }, put("b", 50)]);
    await tab.queue.refresh();
    expect(tab.store.has("mine")).toBe(false);
    tab.history.undo();
    expect([tab.store.get("a"), tab.store.get("b")].map((one) => one?.geometry)).toEqual([at(0), at(50)]);
    await tab.queue.flush();
    expect(tab.queue.status.state).toBe("saved");
    expect(boxes(server.state.annotations)).toEqual(boxes(tab.store.all()));
  });

  it("comes with the refusal, without another question to the server", async () => {
    const server = new Server();
    const tab = await openTab(server);
    server.edit([put("b", 50)]);
    const load = vi.spyOn(server, "load");
    tab.put("a", 5);
    await tab.queue.flush();
    await tab.queue.flush();
    expect(load).not.toHaveBeenCalled();
    expect(boxes(server.state.annotations)).toEqual(boxes([shape("a", 5), shape("b", 50)]));
  });

  it("leaves a question open until it is answered, also for the next tab", async () => {
    const server = new Server();
    const tab = await openTab(server);
    server.edit([put("a", 30)]);
    tab.put("a", 7);
    await tab.queue.flush();
    server.edit([put("b", 40)]);
    await tab.queue.refresh();
    await tab.queue.flush();
    expect(tab.queue.status).toMatchObject({ state: "conflict", unsaved: 1 });
    await tab.crash();
    const next = await openTab(server);
    await next.queue.flush();
    expect(next.queue.status.clashes).toMatchObject([{ id: "a", mine: { geometry: at(7) }, theirs: { geometry: at(30) } }]); // prettier-ignore
    expect(boxes(server.state.annotations)).toEqual(boxes([shape("a", 30), shape("b", 40)]));
  });
});

describe("a tab that is open already", () => {
  it("goes on with what another one left, and tells its own unanswered set from the work of others", async () => {
    const server = new Server();
    const [lost, open] = [await openTab(server), await openTab(server)];
    server.losesReplies = true;
    lost.put("new", 5);
    await lost.queue.flush();
    lost.put("new", 9);
    await lost.crash();
    server.losesReplies = false;
    open.put("b", 40);
    await open.queue.flush();
    await open.queue.adopt(await open.journal.adopt("picture"));
    // Asked for twice: two events may tell of it.
    await open.queue.adopt(await open.journal.adopt("picture"));
    await vi.waitUntil(() => open.store.get("new")?.geometry.type === "box" && !open.queue.status.clashes.length);
    await open.queue.flush();
    expect(boxes(server.state.annotations)).toEqual(boxes([shape("a"), shape("b", 40), shape("new", 9)]));
    await open.crash();
    expect(await (await openTab(server)).journal.left()).toEqual([]);
  });

  it("asks where the other one had changed the same shape in another way", async () => {
    const server = new Server();
    const [lost, open] = [await openTab(server), await openTab(server)];
    server.away = true;
    lost.put("a", 5);
    await lost.crash();
    server.away = false;
    open.put("a", 9);
    await open.queue.flush();
    await open.queue.adopt(await open.journal.adopt("picture"));
    expect(open.queue.status.clashes).toMatchObject([{ mine: { geometry: at(5) }, theirs: { geometry: at(9) } }]);
  });
});

it("keeps every edit of two people on different shapes and asks nothing, whatever dies", async () => {
  const step = fc.record({
    what: fc.constantFrom("mine", "theirs", "mine", "theirs", "flush", "hear", "crash", "lossy", "away", "sound"),
    own: fc.constantFrom("a", "c"),
    other: fc.constantFrom("b", "d"),
    x: fc.integer({ min: 1, max: 90 }),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 25 }), async (steps) => {
      wipe();
      const server = new Server();
      let tab = await openTab(server);
      const wanted = new Map([shape("a"), shape("b")].map((one) => [one.id, one.geometry]));
      const sound = (): void => void (server.away = server.losesReplies = false);
      for (const { what, own, other, x } of steps) {
        if (what === "mine") {
          tab.put(own, x);
          wanted.set(own, at(x));
        } else if (what === "theirs") {
          server.edit([put(other, x)]);
          wanted.set(other, at(x));
        } else if (what === "flush") await tab.queue.flush();
        else if (what === "hear") await tab.queue.refresh();
        else if (what === "crash") {
          await tab.crash();
          sound();
          tab = await openTab(server);
        } else if (what === "lossy") server.losesReplies = true;
        else if (what === "away") server.away = true;
        else sound();
        expect(tab.queue.status.clashes).toEqual([]);
      }
      sound();
      for (let i = 0; i < 4; i++) await tab.queue.flush();
      await tab.queue.refresh();
      expect(tab.queue.status.state).toBe("saved");
      expect(boxes(server.state.annotations)).toEqual(wanted);
      expect(boxes(tab.store.all())).toEqual(wanted);
      await tab.crash();
    }),
    { numRuns: Math.min(fc.readConfigureGlobal().numRuns ?? 100, 2000) },
  );
}, 60_000);
