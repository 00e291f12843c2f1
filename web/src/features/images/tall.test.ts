import { describe, expect, it } from "vitest";
import { laidOut, MOST, Tall } from "./tall";

const VIEW = 900;
const at = (scrollTop: number, total: number) => ({
  scrollTop,
  clientHeight: VIEW,
  scrollHeight: laidOut(total) + 16,
});
const HUGE = 26_000_000;
const ROOM = MOST + 16 - VIEW;

function tallOf(total: number): Tall {
  const tall = new Tall();
  tall.fit(total);
  return tall;
}

describe("a list taller than a browser can lay out", () => {
  it("is left alone while it fits", () => {
    const tall = tallOf(5000);
    expect(laidOut(5000)).toBe(5000);
    expect(tall.moved(at(4000, 5000))).toEqual({ offset: 4000 });
    expect(tall.place(123, at(0, 5000))).toBe(123);
    expect(tall.rest(at(123, 5000))).toBe(123);
    expect(tall.shift).toBe(0);
  });

  it("goes to the same share when the bar is dragged, and to both ends", () => {
    const tall = tallOf(HUGE);
    expect(laidOut(HUGE)).toBe(MOST);
    const end = HUGE + 16 - VIEW;
    expect(tall.moved(at(ROOM / 2, HUGE)).offset).toBeCloseTo(end / 2, 3);
    expect(tall.moved(at(ROOM, HUGE)).offset).toBeCloseTo(end, 3);
    expect(tall.moved(at(0, HUGE)).offset).toBe(0);
  });

  it("moves pixel by pixel with the wheel, wherever it stands, and rests without a move", () => {
    const tall = tallOf(HUGE);
    const start = tall.place(13_000_123, at(0, HUGE));
    for (let n = 1; n <= 50; n++)
      expect(tall.moved(at(start + 100 * n, HUGE)).offset).toBeCloseTo(13_000_123 + 100 * n, 3);
    const top = tall.rest(at(start + 5000, HUGE));
    expect(top).not.toBe(start + 5000);
    expect(top + tall.shift).toBeCloseTo(13_005_123, 3);
    expect(tall.moved(at(top, HUGE)).offset).toBeCloseTo(13_005_123, 3);
    for (let n = 1; n <= 50; n++)
      expect(tall.moved(at(top - 100 * n, HUGE)).offset).toBeCloseTo(13_005_123 - 100 * n, 3);
  });

  it("is not stuck where the bar ends before the list", () => {
    for (const [begin, step, end] of [
      [5000, -100, 0],
      [HUGE - 6000, 100, HUGE + 16 - VIEW],
    ] as const) {
      const tall = tallOf(HUGE);
      let top = tall.place(begin, at(0, HUGE));
      let offset: number = begin;
      for (let n = 0; n < 100 && offset !== end; n++) {
        top = Math.max(0, Math.min(ROOM, top + step));
        const moved = tall.moved(at(top, HUGE));
        expect((moved.offset - offset) * step).toBeGreaterThan(0);
        offset = moved.offset;
        top = moved.to ?? top;
      }
      expect(offset).toBe(end);
    }
  });

  it("holds every place it is put to, within what there is", () => {
    const tall = tallOf(89_000_000);
    for (let n = 0; n <= 200; n++) {
      const goal = n * 450_000 - 1000;
      const top = tall.place(goal, at(0, 89_000_000));
      expect(top).toBeGreaterThanOrEqual(0);
      expect(top).toBeLessThanOrEqual(ROOM);
      expect(top + tall.shift).toBeCloseTo(Math.max(0, Math.min(goal, 89_000_016 - VIEW)), 3);
    }
  });

  it("stays within a list that became shorter", () => {
    const tall = tallOf(HUGE);
    tall.moved(at(ROOM, HUGE));
    tall.fit(5000);
    expect(tall.shift).toBe(0);
  });
});
