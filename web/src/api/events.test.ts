// @vitest-environment jsdom
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { subscribe, type ServerEvent } from "./events";

class FakeSource extends EventTarget {
  static readonly CLOSED = 2;
  static made: FakeSource[] = [];
  readyState = 1;
  readonly url: string;
  constructor(url: string) {
    super();
    this.url = url;
    FakeSource.made.push(this);
  }
  close() {
    this.readyState = FakeSource.CLOSED;
  }
  change(event: ServerEvent) {
    this.dispatchEvent(new MessageEvent("change", { data: JSON.stringify(event) }));
  }
}

beforeEach(() => {
  FakeSource.made = [];
  vi.stubGlobal("EventSource", FakeSource);
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

const CHANGE: ServerEvent = { topic: "job", project_id: "p", id: "j", data: {} };

it("shares one stream among all subscribers and closes it with the last", () => {
  const first: unknown[] = [];
  const second: unknown[] = [];
  const leaveFirst = subscribe((event) => first.push(event));
  const leaveSecond = subscribe((event) => second.push(event));
  expect(FakeSource.made).toHaveLength(1);
  FakeSource.made[0]?.change(CHANGE);
  leaveFirst();
  FakeSource.made[0]?.change(CHANGE);
  expect([first.length, second.length]).toEqual([1, 2]);
  leaveSecond();
  expect(FakeSource.made[0]?.readyState).toBe(FakeSource.CLOSED);
});

it("asks for what was committed since the page began to read, and later since it stopped listening", () => {
  const ageOf = (source: FakeSource | undefined) => Number(/\?age=([\d.]+)$/.exec(source?.url ?? "")?.[1]);
  vi.advanceTimersByTime(3000);
  subscribe(() => undefined)();
  expect(ageOf(FakeSource.made[0])).toBeGreaterThanOrEqual(3);
  vi.advanceTimersByTime(2000);
  subscribe(() => undefined)();
  expect(ageOf(FakeSource.made[1])).toBeCloseTo(2);
});

it("opens a stream that was refused anew, and asks for everything then", () => {
  const heard: unknown[] = [];
  const leave = subscribe((event) => heard.push(event));
  const [source] = FakeSource.made;
  if (source === undefined) throw new Error("no stream");
  source.readyState = FakeSource.CLOSED;
  source.dispatchEvent(new Event("error"));
  vi.advanceTimersByTime(5000);
  expect(FakeSource.made).toHaveLength(2);
  FakeSource.made[1]?.dispatchEvent(new Event("open"));
  expect(heard).toEqual(["resync"]);
  leave();
});
