/** Where the eye is: `screen = image * scale + (tx, ty)`, screen in CSS pixels from the view's top-left corner. */
import { clamp } from "./geometry/box";
import type { Bounds, Point, Size } from "./geometry/types";

export interface Camera {
  readonly scale: number;
  readonly tx: number;
  readonly ty: number;
}

export const MAX_SCALE = 64;
/** CSS pixels of the picture that always stay in view, so that nobody loses it. */
const KEEP_VISIBLE = 80;

export const toScreen = ({ scale, tx, ty }: Camera, [x, y]: Point): Point => [x * scale + tx, y * scale + ty];

export const toImage = ({ scale, tx, ty }: Camera, [x, y]: Point): Point => [(x - tx) / scale, (y - ty) / scale];

export const panBy = (camera: Camera, dx: number, dy: number): Camera => ({
  scale: camera.scale,
  tx: camera.tx + dx,
  ty: camera.ty + dy,
});

/** Changes the scale while the image point under `at` stays where it is. */
export function zoomTo(camera: Camera, at: Point, scale: number): Camera {
  const ratio = scale / camera.scale;
  return { scale, tx: at[0] - (at[0] - camera.tx) * ratio, ty: at[1] - (at[1] - camera.ty) * ratio };
}

function centred(scale: number, [x0, y0, x1, y1]: Bounds, view: Size): Camera {
  return { scale, tx: (view.width - (x0 + x1) * scale) / 2, ty: (view.height - (y0 + y1) * scale) / 2 };
}

/** Shows the whole of `bounds` with `padding` CSS pixels around it. */
export function fit(bounds: Bounds, view: Size, padding = 16): Camera {
  const room = (length: number): number => Math.max(length - 2 * padding, 1);
  const scale = Math.min(
    room(view.width) / Math.max(bounds[2] - bounds[0], 1e-6),
    room(view.height) / Math.max(bounds[3] - bounds[1], 1e-6),
    MAX_SCALE,
  );
  return centred(scale, bounds, view);
}

/** One image pixel to one CSS pixel, the middle of the view stays. */
export const oneToOne = (camera: Camera, view: Size): Camera => zoomTo(camera, [view.width / 2, view.height / 2], 1);

/** The smallest scale worth having: half of what shows everything, and never above 1. */
export const minScale = (picture: Size, view: Size): number =>
  Math.min(fit([0, 0, picture.width, picture.height], view).scale / 2, 1);

export const clampScale = (scale: number, picture: Size, view: Size): number =>
  clamp(scale, minScale(picture, view), MAX_SCALE);

/** Keeps a strip of the picture in view on every side. The scale must be within limits already. */
export function clampCamera(camera: Camera, picture: Size, view: Size): Camera {
  const within = (offset: number, length: number, room: number): number => {
    const keep = Math.min(KEEP_VISIBLE, length, room);
    return clamp(offset, keep - length, room - keep);
  };
  return {
    scale: camera.scale,
    tx: within(camera.tx, picture.width * camera.scale, view.width),
    ty: within(camera.ty, picture.height * camera.scale, view.height),
  };
}

/** The part of the picture that the view shows. */
export function visiblePart(camera: Camera, view: Size, picture: Size): Bounds {
  const [x0, y0, x1, y1] = visibleBounds(camera, view);
  return [Math.max(0, x0), Math.max(0, y0), Math.min(picture.width, x1), Math.min(picture.height, y1)];
}

/** The part of the image plane that the view shows, grown by `margin` CSS pixels. */
export function visibleBounds(camera: Camera, view: Size, margin = 0): Bounds {
  const [x0, y0] = toImage(camera, [-margin, -margin]);
  const [x1, y1] = toImage(camera, [view.width + margin, view.height + margin]);
  return [x0, y0, x1, y1];
}
