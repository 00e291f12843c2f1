/** Draws with other tones: on a bitmap of its own, which is then copied, so that the one on show is never read back. */
import { isUntouched, tone } from "./tone";
import type { Tones } from "../looks";

export class Darkroom {
  readonly #canvas = document.createElement("canvas");
  #context: CanvasRenderingContext2D | null = null;

  /** Has `draw` draw into `context`, in its scale; the colours follow `tones`. */
  develop(context: CanvasRenderingContext2D, tones: Tones, draw: (into: CanvasRenderingContext2D) => void): void {
    if (isUntouched(tones)) {
      draw(context);
      return;
    }
    const { width, height } = context.canvas;
    const own = this.#open(width, height);
    if (!own) return;
    own.setTransform(context.getTransform());
    own.imageSmoothingEnabled = context.imageSmoothingEnabled;
    own.imageSmoothingQuality = context.imageSmoothingQuality;
    draw(own);
    const data = own.getImageData(0, 0, width, height);
    tone(data.data, tones);
    own.putImageData(data, 0, 0);
    context.save();
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.drawImage(this.#canvas, 0, 0);
    context.restore();
  }

  #open(width: number, height: number): CanvasRenderingContext2D | null {
    // A new size wipes it.
    this.#canvas.width = width;
    this.#canvas.height = height;
    this.#context ??= this.#canvas.getContext("2d", { willReadFrequently: true });
    return this.#context;
  }
}
