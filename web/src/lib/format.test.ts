import { describe, expect, it } from "vitest";
import { ago, baseName, between, bytes, count, duration, milliseconds, percent, plural, timeLeft } from "./format";

describe("numbers", () => {
  it("says milliseconds, and never none", () => {
    expect([0, 0.4, 1, 12.6].map(milliseconds)).toEqual(["less than 1 ms", "less than 1 ms", "1 ms", "13 ms"]);
  });

  it.each([
    [0, "0 B"],
    [999, "999 B"],
    [1000, "1.0 kB"],
    [1536, "1.5 kB"],
    [99_960, "100 kB"],
    [999_600, "1.0 MB"],
    [8_700_000, "8.7 MB"],
    [2.5e12, "2.5 TB"],
    [5e15, "5000 TB"],
  ])("%d bytes are %s", (value, text) => {
    expect(bytes(value)).toBe(text);
  });

  it("counts with separators and agrees in number", () => {
    expect(count(12_345)).toBe("12,345");
    expect([plural(1, "class", "classes"), plural(0, "image")]).toEqual(["1 class", "0 images"]);
  });

  it("shows a dash for what is not defined", () => {
    expect([percent(0.5734), percent(null), percent(undefined), percent(1, 0)]).toEqual(["57.3 %", "–", "–", "100 %"]);
  });
});

describe("times", () => {
  it.each([
    [-3, "0 s"],
    [59.4, "59 s"],
    [59.6, "1 min 00 s"],
    [185, "3 min 05 s"],
    [7800, "2 h 10 min"],
    [200_000, "2 d 7 h"],
  ])("%d seconds last %s", (seconds, text) => {
    expect(duration(seconds)).toBe(text);
  });

  it.each([
    [null, ""],
    [4, "a few seconds left"],
    [41, "about 50 s left"],
    [150, "about 3 min left"],
    [5400, "about 1 h 30 min left"],
  ])("%s seconds left are %s", (seconds, text) => {
    expect(timeLeft(seconds)).toBe(text);
  });

  it.each([
    ["2026-11-21T11:59:50Z", "just now"],
    ["2026-11-21T11:55:00Z", "5 minutes ago"],
    ["2026-11-21T09:00:00Z", "3 hours ago"],
    ["2026-11-20T12:00:00Z", "yesterday"],
    ["2026-08-21T12:00:00Z", "3 months ago"],
    ["2024-11-21T12:00:00Z", "2 years ago"],
    ["nonsense", ""],
  ])("%s was %s", (time, text) => {
    expect(ago(time, Date.parse("2026-11-21T12:00:00Z"))).toBe(text);
  });

  it("measures up to now where there is no end", () => {
    const start = "2026-11-21T12:00:00Z";
    expect(between(start, null, Date.parse(start) + 5000)).toBe(5);
    expect(between(start, "2026-11-21T11:00:00Z")).toBe(0);
  });
});

it("takes the last part of a path", () => {
  expect([baseName("a/b/c.jpg"), baseName("c.jpg")]).toEqual(["c.jpg", "c.jpg"]);
});
