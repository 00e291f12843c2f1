/** Very large pictures in tiles: which of them are in view, and which are kept. */
import { at } from "./at";
import type { Bounds, Size } from "./geometry/types";

/** Level 0 is the picture itself; each further level is half as large. All tiles but the last ones are square. */
export interface TileSource<T = ImageBitmap> {
  readonly size: number;
  readonly levels: number;
  load(level: number, x: number, y: number): Promise<T>;
}

export interface Tile {
  readonly level: number;
  readonly x: number;
  readonly y: number;
}

/** The coarsest level that is still as sharp as `scale` (bitmap pixels an image pixel). */
export const levelFor = (scale: number, levels: number): number =>
  Math.min(Math.max(Math.floor(-Math.log2(scale) + 1e-9), 0), levels - 1);

/** The part of the picture that a tile shows. */
export function boundsOfTile({ level, x, y }: Tile, size: number, picture: Size): Bounds {
  const side = size * 2 ** level;
  return [x * side, y * side, Math.min((x + 1) * side, picture.width), Math.min((y + 1) * side, picture.height)];
}

/** The tiles of a level that show something of `bounds`, those in the middle first. */
export function tilesIn([x0, y0, x1, y1]: Bounds, level: number, size: number, picture: Size): Tile[] {
  const side = size * 2 ** level;
  const [left, top] = [Math.max(0, Math.floor(x0 / side)), Math.max(0, Math.floor(y0 / side))];
  const [right, bottom] = [Math.min(x1, picture.width) / side, Math.min(y1, picture.height) / side];
  const found: Tile[] = [];
  for (let x = left; x < right; x++) for (let y = top; y < bottom; y++) found.push({ level, x, y });
  const [mx, my] = [(x0 + x1) / (2 * side) - 0.5, (y0 + y1) / (2 * side) - 0.5];
  const far = ({ x, y }: Tile): number => Math.hypot(x - mx, y - my);
  return found.sort((a, b) => far(a) - far(b));
}

export const parentOf = ({ level, x, y }: Tile): Tile => ({ level: level + 1, x: x >> 1, y: y >> 1 });

export const keyOf = ({ level, x, y }: Tile): string => `${level}/${x}/${y}`;

/** Tiles that are kept (of 1 MB each), on their way at the same time, and tried before one is given up. */
const [KEPT, TOGETHER, TRIES] = [240, 6, 3];

/** What came of a source: seen last, forgotten last. */
export class TileStore<T extends { close(): void }> {
  readonly source: TileSource<T>;
  readonly #arrived: () => void;
  readonly #kept = new Map<string, T>();
  readonly #loading = new Set<string>();
  readonly #failed = new Map<string, number>();
  #wanted: readonly Tile[] = [];
  #closed = false;

  constructor(source: TileSource<T>, arrived: () => void) {
    [this.source, this.#arrived] = [source, arrived];
  }

  get size(): number {
    return this.#kept.size;
  }

  /** All that is here, by `keyOf`. */
  get here(): ReadonlyMap<string, T> {
    return this.#kept;
  }

  /** The tile, if it is here. */
  get(tile: Tile): T | undefined {
    const key = keyOf(tile);
    const found = this.#kept.get(key);
    if (!found) return undefined;
    this.#kept.delete(key);
    this.#kept.set(key, found);
    return found;
  }

  /** Says what is in view: it is fetched in this order, and what was wanted before is not any more. */
  want(tiles: readonly Tile[]): void {
    // More than can be kept would push each other out again and again.
    this.#wanted = tiles.slice(0, KEPT);
    this.#fetch();
  }

  close(): void {
    this.#closed = true;
    for (const one of this.#kept.values()) one.close();
    this.#kept.clear();
  }

  #fetch(): void {
    for (const tile of this.#wanted) {
      if (this.#closed || this.#loading.size >= TOGETHER) return;
      const key = keyOf(tile);
      const given = (this.#failed.get(key) ?? 0) >= TRIES;
      if (given || this.#kept.has(key) || this.#loading.has(key)) continue;
      this.#loading.add(key);
      void this.source
        .load(tile.level, tile.x, tile.y)
        .then(
          (found) => this.#keep(key, found),
          () => this.#failed.set(key, (this.#failed.get(key) ?? 0) + 1),
        )
        .finally(() => {
          this.#loading.delete(key);
          this.#fetch();
        });
    }
  }

  #keep(key: string, found: T): void {
    if (this.#closed) {
      found.close();
      return;
    }
    this.#kept.set(key, found);
    const keys = [...this.#kept.keys()];
    for (let i = 0; i < keys.length - KEPT; i++) {
      this.#kept.get(at(keys, i))?.close();
      this.#kept.delete(at(keys, i));
    }
    this.#arrived();
  }
}
