/** What becomes of flooded samples: a mask or a polygon, on its own or with another shape. */
import { outlineOf, pixelsOf } from "./outline";
import { minus, union } from "./spans";
import { maskOf } from "./raster";
import type { Columns } from "./raster";
import { ringArea, union as around } from "./shape";
import { simplifiedRing } from "./simplify";
import type { Geometry, Mask, Point, Polygon, Size } from "./types";

/** `take`: the flooded pixels leave the shape. */
export type WandWay = "new" | "add" | "take";

type Area = Mask | Polygon;
export const isArea = (geometry: Geometry): geometry is Area => geometry.type === "mask" || geometry.type === "polygon";

export const pixelsOfArea = (geometry: Area, picture: Size): Mask | null =>
  geometry.type === "mask" ? geometry : pixelsOf(geometry.rings, picture);

/** A shape and flooded pixels together, or the shape without them. */
export function combined(base: Columns | null, flooded: Columns, takes: boolean): Columns {
  if (!base) return flooded;
  return {
    width: base.width,
    height: base.height,
    bounds: takes ? base.bounds : around(base.bounds, flooded.bounds),
    column: (x) => (takes ? minus : union)(base.column(x), flooded.column(x)),
  };
}

/** Rings smaller than this many square pixels are grain, not a part or a hole. */
const GRAIN = 4;

/** The pixels as one mask; null where there is none. */
export const maskOfColumns = (columns: Columns): Mask | null => maskOf(columns, (x) => columns.column(x));

/** The outline of a mask within `tolerance` pixels, without grain; null where nothing but grain is left. */
export function outlineWithin(mask: Mask, tolerance: number): Polygon | null {
  const kept = outlineOf(mask).rings.filter((ring) => ringArea(ring) > GRAIN);
  const rings = kept.map((ring): readonly Point[] => simplifiedRing(ring, tolerance));
  return rings.length > 0 ? { type: "polygon", rings } : null;
}
