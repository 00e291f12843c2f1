/**
 * Shapes on a picture, exactly as `boxwright.domain.geometry` writes them: a union tagged by `type`.
 * Coordinates are float64 pixels of the upright image: origin at the outer top-left corner, y down, half-open.
 */
export type Point = readonly [x: number, y: number];
export type Bounds = readonly [x0: number, y0: number, x1: number, y1: number];

export interface Size {
  readonly width: number;
  readonly height: number;
}

/** Axis-aligned rectangle; `x1 > x0` and `y1 > y0`. */
export interface Box {
  readonly type: "box";
  readonly x0: number;
  readonly y0: number;
  readonly x1: number;
  readonly y1: number;
}

/** Rectangle turned about its centre; `angle` in radians, clockwise on the screen. */
export interface RotatedBox {
  readonly type: "rotated_box";
  readonly cx: number;
  readonly cy: number;
  readonly w: number;
  readonly h: number;
  readonly angle: number;
}

/** Rings of at least three points; several rings are parts, and even-odd filling makes holes. */
export interface Polygon {
  readonly type: "polygon";
  readonly rings: readonly (readonly Point[])[];
}

/** Pixels as COCO run lengths: column-major, the first run is background. */
export interface Mask {
  readonly type: "mask";
  readonly width: number;
  readonly height: number;
  readonly counts: readonly number[];
}

/** Ellipse turned about its centre; `angle` in radians, clockwise on the screen. */
export interface Ellipse {
  readonly type: "ellipse";
  readonly cx: number;
  readonly cy: number;
  readonly rx: number;
  readonly ry: number;
  readonly angle: number;
}

/** An open line through at least two points; it has no area. */
export interface Polyline {
  readonly type: "polyline";
  readonly points: readonly Point[];
}

/** One point or several that belong together. */
export interface Points {
  readonly type: "points";
  readonly points: readonly Point[];
}

/** Made of vertices that a hand can move, add and take away one by one. */
export type Jointed = Polygon | Polyline | Points;
/** Turned about a centre, with two sizes. */
export type Turnable = RotatedBox | Ellipse;
export type Geometry = Box | Turnable | Jointed | Mask;
