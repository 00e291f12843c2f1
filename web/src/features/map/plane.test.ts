import { describe, expect, it } from "vitest";
import { enclosed, fitted, moved, nearest, toPlane, toScreen, zoomed, type Plane, type Spot } from "./plane";

const SIZE = { width: 640, height: 400 };

/** A small generator, so that every run tries the same. */
function luck(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1664525 + 1013904223) % 4294967296;
    return state / 4294967296;
  };
}

function scattered(n: number, random: () => number): Plane {
  const list = Array.from({ length: n }, () => [2 * random() - 1, 2 * random() - 1] as const);
  return { x: list.map(([x]) => x), y: list.map(([, y]) => y) };
}

describe("the plane", () => {
  it("shows everything at first", () => {
    for (const [x, y] of [
      [-1, -1],
      [1, 1],
      [0, 0.5],
    ] as const) {
      const [sx, sy] = toScreen(fitted(SIZE), SIZE, x, y);
      expect(sx > 0 && sx < SIZE.width && sy > 0 && sy < SIZE.height).toBe(true);
    }
  });

  it("keeps what is under the pointer when it zooms, and comes back from the screen", () => {
    const random = luck(1);
    for (let turn = 0; turn < 200; turn += 1) {
      const camera = zoomed(fitted(SIZE), SIZE, [320, 200], 1 + 9 * random());
      const at: Spot = [280 + 80 * random(), 160 + 80 * random()];
      const before = toPlane(camera, SIZE, at);
      const after = toPlane(zoomed(camera, SIZE, at, 0.8 + random()), SIZE, at);
      expect(after[0]).toBeCloseTo(before[0], 6);
      expect(after[1]).toBeCloseTo(before[1], 6);
      const [x, y] = toScreen(camera, SIZE, ...before);
      expect([x, y]).toEqual([expect.closeTo(at[0], 6), expect.closeTo(at[1], 6)]);
    }
    expect(zoomed(fitted(SIZE), SIZE, [0, 0], 1e-9).scale).toBeCloseTo(fitted(SIZE).scale * 0.8);
    expect(moved(fitted(SIZE), 1e9, -1e9)).toMatchObject({ x: -1, y: 1 });
  });

  it("finds the nearest point, and none that is far", () => {
    const random = luck(2);
    const points = scattered(300, random);
    const camera = fitted(SIZE);
    for (let turn = 0; turn < 100; turn += 1) {
      const at: Spot = [640 * random(), 400 * random()];
      const far = points.x.map((x, row) => {
        const [sx, sy] = toScreen(camera, SIZE, x, points.y[row] ?? 0);
        return Math.hypot(sx - at[0], sy - at[1]);
      });
      const least = Math.min(...far);
      const found = nearest(points, camera, SIZE, at, 12);
      if (least > 12.001) expect(found).toBe(-1);
      else if (least < 11.999) expect(far[found]).toBeCloseTo(least, 6);
    }
  });

  it("takes what lies within a line", () => {
    const points = scattered(400, luck(3));
    const square: Spot[] = [
      [-0.5, -0.5],
      [0.5, -0.5],
      [0.5, 0.5],
      [-0.5, 0.5],
    ];
    const wanted = points.x.flatMap((x, row) => (Math.abs(x) < 0.5 && Math.abs(points.y[row] ?? 9) < 0.5 ? [row] : []));
    expect(enclosed(points, square)).toEqual(wanted);
    expect(enclosed(points, [...square].reverse())).toEqual(wanted);
    expect(enclosed(points, square.slice(0, 2))).toEqual([]);
    expect(enclosed(points, [])).toEqual([]);
  });
});
