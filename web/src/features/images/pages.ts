/** A long list in pages that are fetched where they are looked at. */
import type { Image } from "../../api/types";

export const PAGE = 120;

export interface ImagePage {
  readonly items: readonly Image[];
  readonly next_cursor?: string | null;
}

/** The pages that hold images from one place up to another, which is not among them. */
export function pagesOf(from: number, to: number): number[] {
  const first = Math.floor(Math.max(0, from) / PAGE);
  const last = Math.floor(Math.max(0, from, to - 1) / PAGE);
  return Array.from({ length: last - first + 1 }, (_, n) => first + n);
}

/** The pages beside those. */
export function besides(pages: readonly number[], length: number): number[] {
  const [first = 0] = pages;
  const last = pages.at(-1) ?? 0;
  return [last + 1, first - 1].filter((page) => page >= 0 && page * PAGE < length);
}

/**
 * How many images a list has: what is counted, put right by pages that are here. Between a change and the next count
 * the two may differ.
 */
export function lengthOf(counted: number, pages: ReadonlyMap<number, ImagePage>): number {
  let least = 0;
  let most = Infinity;
  for (const [page, { items, next_cursor }] of pages) {
    const end = page * PAGE + items.length;
    if (typeof next_cursor === "string") least = Math.max(least, end + 1);
    else if (items.length > 0 || page === 0) return end;
    else most = Math.min(most, end);
  }
  return Math.max(least, Math.min(counted, most));
}
