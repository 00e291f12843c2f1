import fc from "fast-check";
import { describe, expect, it } from "vitest";

import { Editor } from "./editor";
import { isPlain, LABELS, PLAIN, RANGES, withLooks } from "./looks";
import type { Level } from "./looks";
import { detailFor } from "./render/paint";
import { curveOf, isUntouched, tone } from "./render/tone";

const level = (name: Level) => fc.double({ ...RANGES[name], noNaN: true });
const tones = fc.record({
  brightness: level("brightness"),
  contrast: level("contrast"),
  saturation: level("saturation"),
  gamma: level("gamma"),
});
const pixels = fc.uint8Array({ minLength: 4, maxLength: 64 }).map((a) => a.slice(0, a.length - (a.length % 4)));

describe("looks", () => {
  it("takes what makes sense of anything that was kept, within its range", () => {
    expect(withLooks(PLAIN, { gamma: 99, grid: "yes", labels: "some", fill: NaN, other: 1 })).toEqual({
      ...PLAIN,
      gamma: 4,
    });
    fc.assert(
      fc.property(fc.dictionary(fc.constantFrom(...Object.keys(PLAIN)), fc.anything()), (kept) => {
        const looks = withLooks(PLAIN, kept);
        for (const [name, { min, max }] of Object.entries(RANGES)) {
          expect(looks[name as Level]).toBeGreaterThanOrEqual(min);
          expect(looks[name as Level]).toBeLessThanOrEqual(max);
        }
        expect(LABELS).toContain(looks.labels);
      }),
    );
  });

  it("goes around the choices and back to the start", () => {
    const editor = new Editor();
    const seen = LABELS.map(() => {
      editor.cycleLabels();
      return editor.state.looks.labels;
    });
    expect(seen).toEqual(["always", "never", "selected", "auto"]);
    editor.toggleGrid();
    editor.setLooks({ fill: 60 });
    expect(isPlain(editor.state.looks)).toBe(false);
    editor.resetLooks();
    expect(isPlain(editor.state.looks)).toBe(true);
  });
});

describe("detail", () => {
  it("leaves insides of a crowd free unless somebody asks for them", () => {
    expect(detailFor(10_000, PLAIN)).toEqual({ dense: true, labels: false, fill: 0, mask: 45, line: 1 });
    expect(detailFor(100, PLAIN)).toEqual({ dense: false, labels: true, fill: 10, mask: 45, line: 2 });
    expect(detailFor(10_000, { ...PLAIN, fill: 30, labels: "always" })).toMatchObject({ fill: 30, labels: true });
    expect(detailFor(1, { ...PLAIN, labels: "selected" }).labels).toBe(false);
  });
});

describe("tones", () => {
  it("leave everything alone at their start", () => {
    expect(isUntouched(PLAIN)).toBe(true);
    expect([...curveOf(PLAIN)]).toEqual(Array.from({ length: 256 }, (_, i) => i));
    fc.assert(
      fc.property(pixels, (bytes) => {
        const data = new Uint8ClampedArray(bytes);
        tone(data, PLAIN);
        expect([...data]).toEqual([...bytes]);
      }),
    );
  });

  it("never turn light into dark, and keep alpha", () => {
    fc.assert(
      fc.property(tones, pixels, (wanted, bytes) => {
        const curve = [...curveOf(wanted)];
        expect(curve).toEqual(curve.toSorted((a, b) => a - b));
        const data = new Uint8ClampedArray(bytes);
        tone(data, wanted);
        bytes.forEach((value, i) => i % 4 === 3 && expect(data[i]).toBe(value));
      }),
    );
  });

  it("do what they are called", () => {
    const shown = (patch: Partial<typeof PLAIN>, ...rgb: [number, number, number]) => {
      const data = new Uint8ClampedArray([...rgb, 255]);
      tone(data, { ...PLAIN, ...patch });
      return [...data.slice(0, 3)];
    };
    expect(shown({ brightness: 200 }, 50, 60, 200)).toEqual([100, 120, 255]);
    expect(shown({ contrast: 0 }, 50, 60, 200)).toEqual([128, 128, 128]);
    expect(shown({ saturation: 0 }, 255, 0, 0)).toEqual([54, 54, 54]);
    expect(shown({ gamma: 2 }, 64, 0, 255)).toEqual([128, 0, 255]);
  });
});
