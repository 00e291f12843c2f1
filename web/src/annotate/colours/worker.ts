/** Looks at the colours of the picture beside the page, so that the hand never waits for it. One question at a time. */
import { Colours, keyOf, sampledTiles, samplerOf } from "../../canvas";
import type { Answer, Size, Steps, Tile } from "../../canvas";
import type { Order, Tiling, Told } from "./messages";

/** Milliseconds at a stretch: then newer orders are heard. */
const STRETCH = 12;

/** The picture as far as it has come. */
class Shown {
  readonly #picture: Size;
  readonly #copy: OffscreenCanvas;
  readonly #tiling: Tiling | null;
  readonly #tiles = new Map<string, ImageBitmap>();
  #scale = 1;
  #colours: Colours | null = null;

  constructor(picture: Size, pixels: Size, tiling: Tiling | null) {
    [this.#picture, this.#tiling] = [picture, tiling];
    this.#copy = new OffscreenCanvas(pixels.width, pixels.height);
    this.#context();
  }

  get colours(): Colours {
    this.#colours ??= new Colours(this.#picture, (shrink) => this.#sampler(shrink));
    return this.#colours;
  }

  draw(strip: ImageBitmap, y: number): void {
    this.#context()?.drawImage(strip, 0, y);
    strip.close();
    this.#colours = null;
  }

  change(scale: number, come: readonly (readonly [string, ImageBitmap])[], gone: readonly string[]): void {
    for (const name of gone) {
      this.#tiles.get(name)?.close();
      this.#tiles.delete(name);
    }
    for (const [name, tile] of come) this.#tiles.set(name, tile);
    this.#scale = scale;
    this.#colours = null;
  }

  #context(): OffscreenCanvasRenderingContext2D | null {
    return this.#copy.getContext("2d", { willReadFrequently: true });
  }

  #sampler(shrink: number) {
    const [copy, picture, source] = [this.#copy, this.#picture, this.#tiling];
    if (!source) return samplerOf(copy, picture, shrink);
    const store = { source, get: (tile: Tile) => this.#tiles.get(keyOf(tile)) };
    return sampledTiles({ store, copy, picture }, this.#scale, shrink);
  }
}

let shown: Shown | null = null;
let work: { readonly number: number; readonly steps: Steps<Answer> } | null = null;
/** Messages to oneself come after those of the page that wait already. */
const self = new MessageChannel();

self.port1.onmessage = () => {
  const until = performance.now() + STRETCH;
  while (work && performance.now() < until) {
    const step = work.steps.next();
    if (!step.done) continue;
    postMessage({ number: work.number, answer: step.value } satisfies Told);
    work = null;
  }
  if (work) self.port2.postMessage(null);
};

addEventListener("message", ({ data }: MessageEvent<Order>) => {
  if (data.type === "picture") shown = new Shown(data.picture, data.pixels, data.tiles);
  else if (data.type === "strip") shown?.draw(data.strip, data.y);
  else if (data.type === "tiles") shown?.change(data.scale, data.come, data.gone);
  else if (data.type === "stop") work = null;
  else if (shown) {
    const { number, question, shrink } = data.asked;
    const idle = work === null;
    work = { number, steps: shown.colours.answer(question, shrink) };
    if (idle) self.port2.postMessage(null);
  }
});
