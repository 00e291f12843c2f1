/** What the page and the worker that looks at colours tell each other. */
import type { Answer, Asked, Size } from "../../canvas";

export type Order =
  /** Another picture; its pixels, or those of a small copy beside tiles, follow in strips. */
  | { readonly type: "picture"; readonly picture: Size; readonly pixels: Size; readonly tiles: Tiling | null }
  | { readonly type: "strip"; readonly y: number; readonly strip: ImageBitmap }
  | {
      readonly type: "tiles";
      readonly scale: number;
      readonly come: readonly (readonly [string, ImageBitmap])[];
      readonly gone: readonly string[];
    }
  /** Takes the place of what was asked before. */
  | { readonly type: "ask"; readonly asked: Asked }
  | { readonly type: "stop" };

export interface Tiling {
  readonly size: number;
  readonly levels: number;
}

export interface Told {
  readonly number: number;
  readonly answer: Answer;
}
