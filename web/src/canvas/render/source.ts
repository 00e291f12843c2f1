/** Where the colours of a picture are, for those who look at them elsewhere. */
import type { Size } from "../geometry/types";
import type { Pixels } from "./picture";

export interface Source {
  /** The picture, or a small copy of it beside tiles. */
  readonly pixels: Pixels;
  readonly picture: Size;
  readonly tiles: TilesHere | null;
}

/** The tiles of a very large picture that are here, by name. */
export interface TilesHere {
  readonly size: number;
  readonly levels: number;
  /** Bitmap pixels an image pixel, as it is shown: no finer ones are here. */
  readonly scale: number;
  readonly here: ReadonlyMap<string, ImageBitmap>;
}
