import { describe, expect, it } from "vitest";
import type { Image } from "../../api/types";
import { besides, lengthOf, PAGE, pagesOf, type ImagePage } from "./pages";

const page = (items: number, next_cursor: string | null = null): ImagePage => ({
  items: Array.from({ length: items }, () => ({}) as Image),
  next_cursor,
});

describe("pages of a long list", () => {
  it("are those that are looked at", () => {
    expect(pagesOf(0, 0)).toEqual([0]);
    expect(pagesOf(0, PAGE)).toEqual([0]);
    expect(pagesOf(PAGE - 1, PAGE + 1)).toEqual([0, 1]);
    expect(pagesOf(5 * PAGE, 7 * PAGE + 1)).toEqual([5, 6, 7]);
  });

  it("and those beside them, the next one first", () => {
    expect(besides([5, 6], 100 * PAGE)).toEqual([7, 4]);
    expect(besides([0], 100 * PAGE)).toEqual([1]);
    expect(besides([0], PAGE)).toEqual([]);
    expect(besides([9], 10 * PAGE)).toEqual([8]);
  });

  it("put the count right", () => {
    expect(lengthOf(1000, new Map())).toBe(1000);
    expect(lengthOf(1000, new Map([[0, page(3)]]))).toBe(3);
    expect(lengthOf(0, new Map([[0, page(PAGE, "more")]]))).toBe(PAGE + 1);
    expect(lengthOf(1000, new Map([[0, page(PAGE, "more")]]))).toBe(1000);
    expect(lengthOf(1000, new Map([[8, page(7)]]))).toBe(8 * PAGE + 7);
    expect(lengthOf(2000, new Map([[9, page(0)]]))).toBe(9 * PAGE);
    expect(lengthOf(5, new Map([[0, page(0)]]))).toBe(0);
  });
});
