import fc from "fast-check";
import { describe, expect, it } from "vitest";

import type { Bounds } from "./geometry/types";
import { boundsOfTile, levelFor, parentOf, tilesIn, TileStore } from "./tiles";

const PICTURE = { width: 20_000, height: 12_345 };

describe("tiles in view", () => {
  it("are of the level that is as sharp as the screen", () => {
    expect([4, 1, 0.9, 0.5, 0.26, 0.25, 0.001].map((scale) => levelFor(scale, 7))).toEqual([0, 0, 0, 1, 1, 2, 6]);
  });

  it("cover what is in view and lie in the picture, the middle first", () => {
    const corner = fc.tuple(fc.integer({ min: -3_000, max: 20_000 }), fc.integer({ min: -3_000, max: 12_345 }));
    const sides = fc.tuple(fc.integer({ min: 1, max: 9_000 }), fc.integer({ min: 1, max: 9_000 }));
    fc.assert(
      fc.property(corner, sides, fc.nat(5), ([x, y], [w, h], level) => {
        const bounds: Bounds = [x, y, x + w, y + h];
        const tiles = tilesIn(bounds, level, 512, PICTURE);
        const area = ([x0, y0, x1, y1]: Bounds): number => Math.max(0, x1 - x0) * Math.max(0, y1 - y0);
        const cut = ([x0, y0, x1, y1]: Bounds): Bounds => [
          Math.max(x0, x), Math.max(y0, y), Math.min(x1, x + w), Math.min(y1, y + h),
        ]; // prettier-ignore
        const covered = tiles.reduce((sum, tile) => sum + area(cut(boundsOfTile(tile, 512, PICTURE))), 0);
        expect(covered).toBe(area(cut([0, 0, PICTURE.width, PICTURE.height])));
      }),
    );
    const [first] = tilesIn([5_000, 5_000, 9_000, 9_000], 0, 512, PICTURE);
    expect(first).toEqual({ level: 0, x: 13, y: 13 });
    expect(parentOf({ level: 0, x: 13, y: 12 })).toEqual({ level: 1, x: 6, y: 6 });
  });
});

describe("a store of tiles", () => {
  const settle = (): Promise<void> => new Promise((done) => setTimeout(done));

  function store(fails = 0) {
    const asked: string[] = [];
    const open: (() => void)[] = [];
    let [closed, arrived] = [0, 0];
    const source = {
      size: 512,
      levels: 7,
      load: (level: number, x: number, y: number) => {
        asked.push(`${level}/${x}/${y}`);
        if (asked.length <= fails) return Promise.reject(new Error("offline"));
        return new Promise<{ close(): void }>((done) => open.push(() => done({ close: () => closed++ })));
      },
    };
    const made = new TileStore(source, () => arrived++);
    return { made, asked, open, counts: () => ({ closed, arrived }) };
  }

  it("fetches a few at a time, and nothing that is not wanted any more", async () => {
    const { made, asked, open, counts } = store();
    const row = (y: number) => Array.from({ length: 20 }, (_, x) => ({ level: 0, x, y }));
    made.want(row(0));
    expect(asked).toHaveLength(6);
    made.want(row(1));
    for (let i = 0; i < 26; i++) {
      open[i]?.();
      await settle();
    }
    expect(asked).toHaveLength(26);
    expect(asked.slice(6).every((key) => key.endsWith("/1"))).toBe(true);
    expect(counts().arrived).toBe(26);
    made.close();
    expect(counts().closed).toBe(26);
  });

  it("forgets what was seen longest ago, and gives up what cannot be had", async () => {
    const { made, open, asked, counts } = store(3);
    made.want([{ level: 1, x: 0, y: 0 }]);
    for (let i = 0; i < 5; i++) await settle();
    expect(asked).toHaveLength(3);
    const bring = async (count: number): Promise<void> => {
      for (let i = 0; i < count; i++) {
        open.shift()?.();
        await settle();
      }
    };
    const row = (y: number, length: number) => Array.from({ length }, (_, x) => ({ level: 0, x, y }));
    made.want(row(0, 300));
    await bring(300);
    expect(asked).toHaveLength(3 + 240);
    made.get({ level: 0, x: 0, y: 0 });
    made.want(row(1, 60));
    await bring(60);
    expect(made.size).toBe(240);
    expect(counts().closed).toBe(60);
    expect(made.get({ level: 0, x: 0, y: 0 })).toBeDefined();
    expect(made.get({ level: 0, x: 1, y: 0 })).toBeUndefined();
  });
});
