/** When frames are shown: by their presentation times, which need not be even. */
import { countUpTo } from "./path";

/** The frame that is on show at a time in seconds; the first one before it begins. */
export const frameAt = (times: readonly number[], seconds: number): number =>
  Math.max(0, countUpTo(times, seconds) - 1);

/** Playing from one frame on at a speed: which frame is due after so many milliseconds, and whether that is the end. */
export class Clock {
  readonly #times: readonly number[];
  readonly #start: number;
  readonly #speed: number;

  constructor(times: readonly number[], from: number, speed: number) {
    this.#times = times;
    this.#start = times[from] ?? 0;
    this.#speed = speed;
  }

  frame(elapsed: number): number {
    // A float that falls short of a time by rounding alone still shows its frame.
    return frameAt(this.#times, this.#start + (elapsed / 1000) * this.#speed + 1e-6);
  }
}

/** 1:02.45, with hours where there are any. */
export function clockText(seconds: number): string {
  const hundredths = Math.round(seconds * 100);
  const [hours, minutes] = [Math.floor(hundredths / 360_000), Math.floor(hundredths / 6000) % 60];
  const rest = ((hundredths % 6000) / 100).toFixed(2).padStart(5, "0");
  return hours > 0 ? `${hours}:${String(minutes).padStart(2, "0")}:${rest}` : `${minutes}:${rest}`;
}
