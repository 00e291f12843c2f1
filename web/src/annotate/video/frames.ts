/**
 * Decoded frames of one video: those around the frame on show are fetched ahead, both ways, and the farthest forgotten.
 * A frame is fetched once at a time; the browser keeps the bytes.
 */
import { Offline, Refused } from "../sync/failures";

/** Memory for decoded frames, and how many there are at least and at most. */
const BUDGET_BYTES = 256 << 20;
const LEAST = 12;
const MOST = 240;
/** Requests at the same time; browsers allow six to one server, and saving needs one. */
const AT_ONCE = 4;

export type LoadFrame = (frame: number, signal: AbortSignal) => Promise<ImageBitmap>;

export const loadFrame =
  (videoId: string): LoadFrame =>
  async (frame, signal) => {
    let response: Response;
    try {
      response = await fetch(`/api/v1/videos/${videoId}/frames/${frame}`, { signal });
    } catch {
      throw new Offline();
    }
    if (!response.ok) throw new Refused(String(response.status));
    return createImageBitmap(await response.blob());
  };

/** Frames in the order in which they are wanted: the one on show, then ahead of it and, one of three, behind. */
export function wantedAround(frame: number, count: number, most: number, way: 1 | -1): number[] {
  const wanted = [frame];
  for (let [ahead, behind] = [1, 1]; wanted.length < Math.min(most, count);) {
    const forth = frame + way * ahead;
    const back = frame - way * behind;
    const isIn = (one: number): boolean => one >= 0 && one < count;
    if (isIn(forth) && (ahead <= 2 * behind || !isIn(back))) {
      wanted.push(forth);
      ahead++;
    } else if (isIn(back)) {
      wanted.push(back);
      behind++;
    } else if (!isIn(forth)) break;
    else ahead++;
  }
  return wanted;
}

export class Frames {
  readonly #load: LoadFrame;
  readonly #count: number;
  readonly #most: number;
  readonly #here = new Map<number, ImageBitmap>();
  readonly #coming = new Map<number, AbortController>();
  readonly #came: (frame: number) => void;
  readonly #failed: (frame: number, error: unknown) => void;
  #wanted: readonly number[] = [];
  /** The picture that is on the screen: it lives until another one is. */
  #shown: ImageBitmap | null = null;

  constructor(
    load: LoadFrame,
    size: { readonly width: number; readonly height: number; readonly frames: number },
    came: (frame: number) => void,
    failed: (frame: number, error: unknown) => void,
  ) {
    this.#load = load;
    this.#count = size.frames;
    this.#most = Math.min(MOST, Math.max(LEAST, Math.floor(BUDGET_BYTES / (size.width * size.height * 4))));
    this.#came = came;
    this.#failed = failed;
  }

  peek(frame: number): ImageBitmap | undefined {
    return this.#here.get(frame);
  }

  /** Makes ready what lies around a frame, first of all in the way that is gone. */
  want(frame: number, way: 1 | -1): void {
    this.#wanted = wantedAround(frame, this.#count, this.#most, way);
    const kept = new Set(this.#wanted);
    for (const [one, bitmap] of this.#here) {
      if (kept.has(one)) continue;
      this.#here.delete(one);
      if (bitmap !== this.#shown) bitmap.close();
    }
    for (const [one, request] of this.#coming) if (!kept.has(one)) request.abort();
    this.#fill();
  }

  /** Tells that a frame is put on the screen. */
  show(frame: number): ImageBitmap | undefined {
    const bitmap = this.#here.get(frame);
    if (!bitmap || bitmap === this.#shown) return bitmap;
    const before = this.#shown;
    this.#shown = bitmap;
    if (before && ![...this.#here.values()].includes(before)) before.close();
    return bitmap;
  }

  stop(): void {
    this.#wanted = [];
    for (const request of this.#coming.values()) request.abort();
    this.#here.clear();
  }

  #fill(): void {
    for (const frame of this.#wanted) {
      if (this.#coming.size >= AT_ONCE) return;
      if (!this.#here.has(frame) && !this.#coming.has(frame)) void this.#fetch(frame);
    }
  }

  async #fetch(frame: number): Promise<void> {
    const request = new AbortController();
    this.#coming.set(frame, request);
    try {
      const bitmap = await this.#load(frame, request.signal);
      if (this.#wanted.includes(frame)) {
        this.#here.set(frame, bitmap);
        this.#came(frame);
      } else bitmap.close();
    } catch (error) {
      if (!request.signal.aborted) {
        // Asked for again when the hand goes on; the one on show says what is wrong.
        this.#wanted = this.#wanted.filter((one) => one !== frame);
        this.#failed(frame, error);
      }
    } finally {
      this.#coming.delete(frame);
      this.#fill();
    }
  }
}
