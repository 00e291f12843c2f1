/** The page's side of the worker that looks at colours: brings it the picture, asks, and hands on what it finds. */
import type { Answer, Asked, Pixels, Source } from "../../canvas";
import type { Order, Told } from "./messages";

/** Pixels brought at a time: copying more would hold up the page. */
const STRIP = 500_000;

const pause = (): Promise<void> => new Promise((resolve) => setTimeout(resolve));

interface Ears {
  readonly seen: (number: number, answer: Answer) => void;
  /** It cannot go on; what was asked stays without an answer. */
  readonly failed: (error: unknown) => void;
  /** Whether something is asked just now. */
  readonly busy: (busy: boolean) => void;
}

export class Looker {
  readonly #ears: Ears;
  #worker: Worker | null = null;
  /** What the worker has of the picture, or is being brought. */
  #pixels: Pixels | null = null;
  #levels = 0;
  readonly #tiles = new Map<string, ImageBitmap>();
  #bringing: Promise<void> = Promise.resolve();
  /** Asked just now, and what is asked next: of several only the newest. */
  #asked: Asked | null = null;
  #next: { readonly asked: Asked; readonly source: Source } | null = null;

  constructor(ears: Ears) {
    this.#ears = ears;
  }

  /** Brings the picture before something is asked. */
  prepare(source: Source): void {
    this.#bring(source).catch((error: unknown) => this.#fail(error));
  }

  /** Asks; null takes back what was asked. */
  ask(asked: Asked | null, source: Source | null): void {
    if (!asked || !source) {
      this.#next = null;
      if (this.#asked) this.#tell({ type: "stop" });
      this.#settle();
    } else if (this.#asked) this.#next = { asked, source };
    else void this.#send(asked, source);
  }

  /** Lets the worker and its copy of the picture go. */
  close(): void {
    this.#worker?.terminate();
    [this.#worker, this.#pixels, this.#next] = [null, null, null];
    [this.#bringing, this.#levels] = [Promise.resolve(), 0];
    this.#settle();
  }

  async #send(asked: Asked, source: Source): Promise<void> {
    this.#asked = asked;
    this.#ears.busy(true);
    try {
      await this.#bring(source);
      if (this.#asked === asked) this.#tell({ type: "ask", asked });
    } catch (error) {
      this.#fail(error);
    }
  }

  #settle(): void {
    this.#asked = null;
    const next = this.#next;
    this.#next = null;
    if (next) void this.#send(next.asked, next.source);
    else this.#ears.busy(false);
  }

  #hear({ number, answer }: Told): void {
    if (number !== this.#asked?.number) return;
    // What follows from the answer may ask anew.
    this.#settle();
    this.#ears.seen(number, answer);
  }

  #fail(error: unknown): void {
    this.close();
    this.#ears.failed(error);
  }

  #tell(order: Order, moved: Transferable[] = []): void {
    this.#worker?.postMessage(order, moved);
  }

  #start(): void {
    const worker = new Worker(new URL("./worker.ts", import.meta.url), { type: "module" });
    worker.onmessage = ({ data }: MessageEvent<Told>) => this.#hear(data);
    worker.onerror = (event) => {
      if (this.#worker === worker) this.#fail(new Error(event.message));
    };
    this.#worker = worker;
  }

  /** Brings the worker what it lacks of the picture. */
  async #bring(source: Source): Promise<void> {
    const { pixels, picture, tiles } = source;
    const levels = tiles?.levels ?? 0;
    if (!this.#worker) this.#start();
    if (this.#pixels !== pixels || this.#levels !== levels) {
      [this.#pixels, this.#levels] = [pixels, levels];
      this.#tiles.clear();
      const size = { width: pixels.width, height: pixels.height };
      this.#tell({
        type: "picture",
        picture,
        pixels: size,
        tiles: tiles && { size: tiles.size, levels: tiles.levels },
      });
      this.#bringing = this.#bringStrips(pixels);
    }
    if (tiles) this.#bringing = this.#bringing.then(() => this.#bringTiles(pixels, tiles));
    await this.#bringing;
  }

  async #bringStrips(pixels: Pixels): Promise<void> {
    const rows = Math.max(1, Math.floor(STRIP / pixels.width));
    for (let y = 0; y < pixels.height && this.#pixels === pixels; y += rows) {
      const strip = await createImageBitmap(pixels, 0, y, pixels.width, Math.min(rows, pixels.height - y));
      if (this.#pixels === pixels) this.#tell({ type: "strip", y, strip }, [strip]);
      await pause();
    }
  }

  async #bringTiles(pixels: Pixels, { here, scale }: NonNullable<Source["tiles"]>): Promise<void> {
    const known = this.#tiles;
    const gone = [...known.keys()].filter((name) => known.get(name) !== here.get(name));
    for (const name of gone) known.delete(name);
    const come: [string, ImageBitmap][] = [];
    for (const [name, tile] of [...here]) {
      // One may be put away while others are copied; another picture may be open by then.
      const copy = known.has(name) ? null : await createImageBitmap(tile).catch(() => null);
      if (this.#pixels !== pixels) return;
      if (!copy) continue;
      known.set(name, tile);
      come.push([name, copy]);
    }
    const moved = come.map(([, tile]) => tile);
    this.#tell({ type: "tiles", scale, come, gone }, moved);
  }
}
