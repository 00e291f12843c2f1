/** Brightness, contrast, saturation and gamma on the pixels of a bitmap: one table and one pass. */
import { at } from "../at";
import type { Tones } from "../looks";

export const isUntouched = ({ brightness, contrast, saturation, gamma }: Tones): boolean =>
  brightness === 100 && contrast === 100 && saturation === 100 && gamma === 1;

export const sameTones = (a: Tones, b: Tones): boolean =>
  a.brightness === b.brightness && a.contrast === b.contrast && a.saturation === b.saturation && a.gamma === b.gamma;

/** What each of 256 values becomes: brightness first, contrast about the middle, then gamma. */
export function curveOf({ brightness, contrast, gamma }: Tones): Uint8ClampedArray {
  return Uint8ClampedArray.from({ length: 256 }, (_, i) => {
    const value = ((i / 255) * (brightness / 100) - 0.5) * (contrast / 100) + 0.5;
    return 255 * Math.min(Math.max(value, 0), 1) ** (1 / gamma);
  });
}

const clamped = (value: number): number => (value < 0 ? 0 : value > 255 ? 255 : Math.round(value));

/** Changes red, green, blue and alpha bytes in place; alpha stays. */
export function tone(data: Uint8ClampedArray, tones: Tones): void {
  const curve = curveOf(tones);
  const colour = tones.saturation / 100;
  for (let i = 0; i < data.length; i += 4) {
    let [r, g, b] = [at(data, i), at(data, i + 1), at(data, i + 2)];
    if (colour !== 1) {
      // Brightness as the eye weighs the colours (Rec. 709).
      const grey = 0.2126 * r + 0.7152 * g + 0.0722 * b;
      r = clamped(grey + colour * (r - grey));
      g = clamped(grey + colour * (g - grey));
      b = clamped(grey + colour * (b - grey));
    }
    data[i] = at(curve, r);
    data[i + 1] = at(curve, g);
    data[i + 2] = at(curve, b);
  }
}
