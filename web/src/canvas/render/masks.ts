/** Masks on a bitmap: only the part that is asked for, at the bitmap's own sharpness, nothing kept in between. */
import { at } from "../at";
import type { Camera } from "../camera";
import type { Columns } from "../geometry/raster";
import type { Bounds, Size } from "../geometry/types";

export interface Stain {
  readonly pixels: Columns;
  /** `#rrggbb` */
  readonly color: string;
  /** How much it covers, in per cent. */
  readonly opacity: number;
}

/** Where to paint: the bounds in image pixels, and bitmap pixels a CSS pixel. */
export interface Patch {
  readonly bounds: Bounds;
  readonly ratio: number;
}

/** Bytes of ImageData lie as red, green, blue, alpha: read as one number on a little-endian machine, as all are. */
const packed = (color: string, opacity: number): number => {
  const alpha = Math.round((255 * opacity) / 100);
  const rgb = parseInt(color.slice(1), 16);
  return ((alpha << 24) | ((rgb & 0xff) << 16) | (rgb & 0xff00) | (rgb >> 16)) >>> 0;
};

/** One colour over another, both half transparent. */
function over(below: number, above: number): number {
  if (below === 0) return above;
  const [a, b] = [(above >>> 24) / 255, (below >>> 24) / 255];
  const alpha = a + b * (1 - a);
  const channel = (shift: number): number =>
    Math.round((((above >>> shift) & 0xff) * a + ((below >>> shift) & 0xff) * b * (1 - a)) / alpha) << shift;
  return ((Math.round(alpha * 255) << 24) | channel(16) | channel(8) | channel(0)) >>> 0;
}

interface Area extends Size {
  readonly left: number;
  readonly top: number;
}

/** The whole bitmap pixels that show `bounds`, within the bitmap. */
function areaOf(stains: readonly Stain[], camera: Camera, { bounds, ratio }: Patch, { width, height }: Size): Area {
  const scale = camera.scale * ratio;
  const all = stains.map(({ pixels }) => pixels.bounds);
  const edge = (i: 0 | 1 | 2 | 3, pick: typeof Math.max): number => pick(...all.map((one) => one[i]));
  const [x0, y0] = [Math.max(edge(0, Math.min), bounds[0]), Math.max(edge(1, Math.min), bounds[1])];
  const [x1, y1] = [Math.min(edge(2, Math.max), bounds[2]), Math.min(edge(3, Math.max), bounds[3])];
  const left = Math.max(0, Math.floor(x0 * scale + camera.tx * ratio));
  const top = Math.max(0, Math.floor(y0 * scale + camera.ty * ratio));
  return {
    left,
    top,
    width: Math.min(width, Math.ceil(x1 * scale + camera.tx * ratio)) - left,
    height: Math.min(height, Math.ceil(y1 * scale + camera.ty * ratio)) - top,
  };
}

/** One mask on the bitmap's own pixels, column by column. */
function dab(dots: Uint32Array, area: Area, { pixels, color, opacity }: Stain, { scale, tx, ty }: Camera): void {
  const ink = packed(color, opacity);
  let [column, spans] = [-1, pixels.column(0)];
  for (let x = 0; x < area.width; x++) {
    const wanted = Math.floor((x + area.left + 0.5 - tx) / scale);
    if (wanted < 0 || wanted >= pixels.width) continue;
    if (wanted !== column) [column, spans] = [wanted, pixels.column(wanted)];
    for (let i = 0; i < spans.length; i += 2) {
      const from = Math.max(0, Math.ceil(at(spans, i) * scale + ty - 0.5) - area.top);
      const to = Math.min(area.height, Math.ceil(at(spans, i + 1) * scale + ty - 0.5) - area.top);
      for (let dot = from * area.width + x; dot < to * area.width; dot += area.width)
        dots[dot] = over(at(dots, dot), ink);
    }
  }
}

/** Paints masks as seen by `camera`; a bitmap pixel shows the image pixel under its centre. */
export function paintMasks(
  context: CanvasRenderingContext2D,
  camera: Camera,
  stains: readonly Stain[],
  patch: Patch,
): void {
  if (stains.length === 0) return;
  const { ratio } = patch;
  const area = areaOf(stains, camera, patch, context.canvas);
  if (area.width <= 0 || area.height <= 0) return;
  const data = new ImageData(area.width, area.height);
  const dots = new Uint32Array(data.data.buffer);
  const scale = camera.scale * ratio;
  for (const stain of stains) dab(dots, area, stain, { scale, tx: camera.tx * ratio, ty: camera.ty * ratio });
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [area.width, area.height];
  canvas.getContext("2d")?.putImageData(data, 0, 0);
  context.save();
  context.setTransform(1, 0, 0, 1, 0, 0);
  context.drawImage(canvas, area.left, area.top);
  context.restore();
}
