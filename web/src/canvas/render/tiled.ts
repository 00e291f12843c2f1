/** Paints a very large picture: a small copy of the whole, and above it the tiles that are here. */
import type { Camera } from "../camera";
import type { Bounds, Size } from "../geometry/types";
import type { Sampler } from "../samples";
import { boundsOfTile, levelFor, parentOf, tilesIn } from "../tiles";
import type { Tile } from "../tiles";
import type { Pixels } from "./picture";
import { samplerBy } from "./sampler";

/** Most samples that tools may look at, at a byte or two each. */
const MOST_SAMPLES = 100_000_000;

export interface Tiled {
  readonly store: {
    readonly source: { readonly size: number; readonly levels: number };
    get(tile: Tile): ImageBitmap | undefined;
  };
  readonly copy: Pixels | OffscreenCanvas;
  readonly picture: Size;
}

type Painted = Pick<CanvasRenderingContext2D, "drawImage">;

/** The tile, or the next coarser one of the same place that is here. */
function nearest({ store }: Tiled, wanted: Tile): { readonly tile: Tile; readonly bitmap: ImageBitmap } | null {
  for (let tile = wanted; tile.level < store.source.levels; tile = parentOf(tile)) {
    const bitmap = store.get(tile);
    if (bitmap) return { tile, bitmap };
  }
  return null;
}

/** Draws what a tile shows within `wanted`, on whole bitmap pixels, so that no seam is left between two of them. */
function paintTile(into: Painted, camera: Camera, tiled: Tiled, wanted: Tile): void {
  const found = nearest(tiled, wanted);
  if (!found) return;
  const { size } = tiled.store.source;
  const [x0, y0, x1, y1] = boundsOfTile(wanted, size, tiled.picture);
  const [left, top] = boundsOfTile(found.tile, size, tiled.picture);
  const k = 2 ** -found.tile.level;
  const edge = (value: number, shift: number): number => Math.round(value * camera.scale + shift);
  const [sx, sy, ex, ey] = [
    edge(x0, camera.tx), edge(y0, camera.ty), edge(x1, camera.tx), edge(y1, camera.ty),
  ]; // prettier-ignore
  const [w, h] = [Math.max((x1 - x0) * k, 1), Math.max((y1 - y0) * k, 1)];
  into.drawImage(found.bitmap, (x0 - left) * k, (y0 - top) * k, w, h, sx, sy, ex - sx, ey - sy);
}

/** Paints `bounds` of the picture as `camera` sees it, from what is here; returns the tiles that belong there. */
export function paintTiled(
  into: Painted,
  camera: Camera,
  [x0, y0, x1, y1]: Bounds,
  tiled: Tiled,
  level: number,
): readonly Tile[] {
  const { copy, picture, store } = tiled;
  const k = copy.width / picture.width;
  const [sx, sy] = [x0 * camera.scale + camera.tx, y0 * camera.scale + camera.ty];
  const [w, h] = [x1 - x0, y1 - y0];
  into.drawImage(copy, x0 * k, y0 * k, w * k, h * k, sx, sy, w * camera.scale, h * camera.scale);
  const tiles = tilesIn([x0, y0, x1, y1], level, store.source.size, picture);
  for (const tile of tiles) paintTile(into, camera, tiled, tile);
  return tiles;
}

/** The colours as they are shown at `scale`, no finer: what is out of view is not here. */
export function sampledTiles(tiled: Tiled, scale: number, shrink: number): Sampler {
  const { picture, store } = tiled;
  const least = Math.ceil(Math.log2((picture.width * picture.height) / MOST_SAMPLES) / 2);
  const level = Math.max(levelFor(scale, store.source.levels), Math.round(Math.log2(shrink)), least, 0);
  const step = 2 ** level;
  const size = { width: Math.ceil(picture.width / step), height: Math.ceil(picture.height / step) };
  const finest = Math.min(level, store.source.levels - 1);
  return samplerBy(size, step, (into, x, y, { width, height }) => {
    const [x1, y1] = [Math.min((x + width) * step, picture.width), Math.min((y + height) * step, picture.height)];
    paintTiled(into, { scale: 1 / step, tx: -x, ty: -y }, [x * step, y * step, x1, y1], tiled, finest);
  });
}
