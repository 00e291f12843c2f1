import { describe, expect, it } from "vitest";
import type { Image } from "../../api/types";
import { PAGE } from "./pages";
import { search, type SoFar } from "./searching";

const some = (...ids: number[]) => ids.map((id) => ({ id: String(id) }) as Image);

/** A server that finds what it is told to find, answer by answer. */
function server(...found: Image[][]) {
  const asked: (string | null)[] = [];
  const ask = (cursor: string | null) => {
    asked.push(cursor);
    const n = cursor === null ? 0 : Number(cursor);
    return Promise.resolve({ items: found[n] ?? [], next_cursor: n + 1 < found.length ? String(n + 1) : null });
  };
  return { ask, asked };
}

describe("a search for a few images among very many", () => {
  it("goes on over answers without a find, and tells what was found by then", async () => {
    const told: SoFar[] = [];
    const { ask, asked } = server([], some(1), [], some(2, 3), []);
    const page = await search(ask, null, (found) => told.push(found));
    expect(page).toEqual({ items: some(1, 2, 3), next_cursor: null });
    expect(asked).toEqual([null, "1", "2", "3", "4"]);
    expect(told.map(({ items }) => items.length)).toEqual([0, 1, 1, 3]);
  });

  it("ends with a full page, from which the next one goes on", async () => {
    const full = some(...Array.from({ length: PAGE }, (_, n) => n));
    const { ask, asked } = server(some(0), full, some(5));
    const told: SoFar[] = [];
    const page = await search(ask, null, (found) => told.push(found));
    expect(page.items).toHaveLength(PAGE + 1);
    expect(page.next_cursor).toBe("2");
    const next = await search(ask, page.next_cursor ?? null, (found) => told.push(found));
    expect(next).toEqual({ items: some(5), next_cursor: null });
    expect(asked).toEqual([null, "1", "2"]);
    expect(told).toEqual([{ start: null, items: some(0) }]);
  });

  it("fails as the server does", async () => {
    await expect(
      search(
        () => Promise.reject(new Error("gone")),
        null,
        () => undefined,
      ),
    ).rejects.toThrow("gone");
  });
});
