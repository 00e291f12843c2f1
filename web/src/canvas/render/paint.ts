/** Draws many shapes on a 2D context: one path a class, so that ten thousand boxes cost a few dozen calls. */
import { at } from "../at";
import { toScreen } from "../camera";
import type { Camera } from "../camera";
import { boundsOf, labelPlace, ringsOf } from "../geometry/shape";
import { columnsOf } from "../geometry/raster";
import type { Ellipse, Geometry, Point } from "../geometry/types";
import { PLAIN } from "../looks";
import type { Looks } from "../looks";
import type { Annotation, AttributeValue } from "../store/changes";
import { paintMasks } from "./masks";
import type { Patch, Stain } from "./masks";

export interface ClassStyle {
  readonly name: string;
  /** `#rrggbb` */
  readonly color: string;
  /** Names of the attributes that labels tell beside the class. */
  readonly told?: readonly string[];
}

export type Styles = ReadonlyMap<string, ClassStyle>;

const UNKNOWN: ClassStyle = { name: "?", color: "#bbbbbb" };

export const styleOf = (styles: Styles, classId: string | null): ClassStyle =>
  (classId === null ? undefined : styles.get(classId)) ?? UNKNOWN;

/** How much a scene can show at a reasonable price. */
export interface Detail {
  /** Thin lines, no halo, no fill, coarse outlines. */
  readonly dense: boolean;
  readonly labels: boolean;
  /** Opacity of insides and of masks in per cent, and CSS pixels of a line. */
  readonly fill: number;
  readonly mask: number;
  readonly line: number;
}

/** What is wanted, as far as a crowd leaves room: there insides are covered only where somebody asks for it. */
export function detailFor(shapes: number, { labels, fill, mask, line }: Looks): Detail {
  const dense = shapes > 1500;
  return {
    dense,
    labels: labels === "always" || (labels === "auto" && shapes <= 150),
    fill: dense && fill === PLAIN.fill ? 0 : fill,
    mask,
    line: dense ? line / 2 : line,
  };
}

/** How very many selected shapes stand out, which are painted like the others: with wider lines and insides. */
export const standingOut = (detail: Detail, { fill, line }: Looks): Detail => ({
  ...detail,
  labels: false,
  fill: Math.min(fill + SELECTED_FILL, 100),
  line: line + 1,
});
const SELECTED_FILL = 15;

/** CSS pixels that a drawn shape may reach beyond its bounds: lines and halo; and a label to the right and above. */
export const SPILL = { line: 6, label: 150, above: 20 };

const FONT = "600 11px system-ui, sans-serif";
const LABEL_HEIGHT = 16;
/** Characters of a label, and CSS pixels of a shape that has one. */
const MAX_LABEL = 20;
const MAX_TOLD = 32;
const MIN_LABELLED = 28;

/** Whether dark or light text reads better on a colour (relative luminance of WCAG 2). */
export function inkOn(color: string): string {
  const channel = (i: number): number => {
    const value = parseInt(color.slice(i, i + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  };
  const luminance = 0.2126 * channel(1) + 0.7152 * channel(3) + 0.0722 * channel(5);
  return luminance > 0.179 ? "#111111" : "#ffffff";
}

/** Radius of a point in CSS pixels. */
export const DOT = 4;

function traceDots(path: Path2D, points: readonly Point[], camera: Camera): void {
  for (const point of points) {
    const [x, y] = toScreen(camera, point);
    path.moveTo(x + DOT, y);
    path.arc(x, y, DOT, 0, 2 * Math.PI);
  }
}

function traceEllipse(path: Path2D, { cx, cy, rx, ry, angle }: Ellipse, { scale, tx, ty }: Camera): void {
  const [x, y] = [cx * scale + tx, cy * scale + ty];
  path.moveTo(x + rx * scale * Math.cos(angle), y + rx * scale * Math.sin(angle));
  path.ellipse(x, y, rx * scale, ry * scale, angle, 0, 2 * Math.PI);
}

/** A scene has hundreds of thousands of points: nothing is made for any of them. */
function traceRing(path: Path2D, ring: readonly Point[], { scale, tx, ty }: Camera, step: number): void {
  let [lastX, lastY] = [Infinity, Infinity];
  for (let i = 0; i < ring.length; i++) {
    const point = at(ring, i);
    const sx = point[0] * scale + tx;
    const sy = point[1] * scale + ty;
    if (i > 0 && Math.abs(sx - lastX) + Math.abs(sy - lastY) < step) continue;
    if (i === 0) path.moveTo(sx, sy);
    else path.lineTo(sx, sy);
    lastX = sx;
    lastY = sy;
  }
}

/** Adds the outline in screen pixels; points closer than `step` pixels to the last one are left out. */
export function trace(path: Path2D, geometry: Geometry, camera: Camera, step: number): void {
  if (geometry.type === "points") {
    traceDots(path, geometry.points, camera);
    return;
  }
  const [x0, y0, x1, y1] = boundsOf(geometry);
  const { scale, tx, ty } = camera;
  if (geometry.type === "box" || Math.max(x1 - x0, y1 - y0) * scale < 2 * step) {
    path.rect(x0 * scale + tx, y0 * scale + ty, (x1 - x0) * scale, (y1 - y0) * scale);
    return;
  }
  if (geometry.type === "ellipse") {
    traceEllipse(path, geometry, camera);
    return;
  }
  for (const ring of ringsOf(geometry)) {
    traceRing(path, ring, camera, step);
    if (geometry.type !== "polyline") path.closePath();
  }
}

/** How a shape is filled: areas a little, lines not at all, dots as a whole. */
const FILLS = { polyline: "none", points: "solid" } as const;
type Fill = "none" | "solid" | "tint";
const fillOf = ({ type }: Geometry): Fill => (type === "polyline" || type === "points" ? FILLS[type] : "tint");

interface Group {
  readonly color: string;
  readonly dashed: boolean;
  readonly filled: Fill;
  readonly path: Path2D;
}

function paintGroup(context: CanvasRenderingContext2D, { color, dashed, filled, path }: Group, detail: Detail): void {
  const { dense, fill, line } = detail;
  context.setLineDash(dashed ? [6, 4] : []);
  if (filled === "solid" || (filled === "tint" && fill > 0)) {
    context.globalAlpha = filled === "solid" ? 1 : fill / 100;
    context.fillStyle = color;
    context.fill(path, "nonzero");
  }
  if (!dense) {
    context.globalAlpha = 0.4;
    context.strokeStyle = "#000000";
    context.lineWidth = line + 1.5;
    context.stroke(path);
  }
  context.globalAlpha = 1;
  context.strokeStyle = color;
  context.lineWidth = line;
  context.stroke(path);
  context.setLineDash([]);
}

function paintLabel(
  context: CanvasRenderingContext2D,
  annotation: Annotation,
  style: ClassStyle,
  camera: Camera,
): void {
  const [x0, , x1] = boundsOf(annotation.geometry);
  if ((x1 - x0) * camera.scale < MIN_LABELLED) return;
  const [x, y] = toScreen(camera, labelPlace(annotation.geometry));
  const text = shortened(labelText(annotation, style), style.told ? MAX_TOLD : MAX_LABEL);
  const width = Math.min(context.measureText(text).width + 8, SPILL.label - SPILL.line);
  context.fillStyle = style.color;
  context.fillRect(x - 1, y - LABEL_HEIGHT, width, LABEL_HEIGHT);
  context.fillStyle = inkOn(style.color);
  context.fillText(text, x + 3, y - LABEL_HEIGHT / 2, width - 8);
}

export const shortened = (text: string, most: number): string =>
  text.length > most ? `${text.slice(0, most - 1)}…` : text;

/** Class name, the score where a model gave one, and what is told of the attributes. */
export function labelText(
  { score, attributes }: Pick<Annotation, "score" | "attributes">,
  { name, told = [] }: ClassStyle,
): string {
  const first = score === null ? name : `${name} ${score.toFixed(2)}`;
  return [first, ...told.flatMap((key) => toldOf(key, attributes[key] ?? null))].join(" · ");
}

/** What is no, or not said, is not worth a word. */
const toldOf = (key: string, value: AttributeValue): string[] =>
  value === null || value === false || value === "" ? [] : [value === true ? key : String(value)];

/** Where the shapes end that lie as high as the one at `from`. */
function levelEnd(annotations: readonly Annotation[], from: number): number {
  let to = from + 1;
  while (to < annotations.length && annotations[to]?.z === annotations[from]?.z) to++;
  return to;
}

/** Paints shapes of one height: masks, then one path a class. */
function paintLevel(
  context: CanvasRenderingContext2D,
  camera: Camera,
  annotations: readonly Annotation[],
  styles: Styles,
  detail: Detail,
  patch: Patch,
): void {
  const groups = new Map<string, Group>();
  const stains: Stain[] = [];
  for (const { geometry, class_id: classId, state, occluded } of annotations) {
    const { color } = styleOf(styles, classId);
    if (geometry.type === "mask") {
      stains.push({ pixels: columnsOf(geometry), color, opacity: detail.mask });
      continue;
    }
    const dashed = state === "proposal" || occluded === true;
    const filled = fillOf(geometry);
    const key = `${color} ${String(dashed)} ${filled}`;
    const group = groups.get(key) ?? { color, dashed, filled, path: new Path2D() };
    groups.set(key, group);
    trace(group.path, geometry, camera, detail.dense ? 1.5 : 0.5);
  }
  paintMasks(context, camera, stains, patch);
  for (const group of groups.values()) paintGroup(context, group, detail);
}

/** Paints `annotations`, lowest first, as seen by `camera` whose origin is the context's own; of masks only `patch`. */
export function paintShapes(
  context: CanvasRenderingContext2D,
  camera: Camera,
  annotations: readonly Annotation[],
  styles: Styles,
  detail: Detail,
  patch: Patch,
): void {
  for (let from = 0; from < annotations.length;) {
    // In a crowd, whose insides are free, it can hardly be seen which line lies above.
    const to = detail.dense ? annotations.length : levelEnd(annotations, from);
    paintLevel(context, camera, annotations.slice(from, to), styles, detail, patch);
    from = to;
  }
  if (!detail.labels) return;
  context.font = FONT;
  context.textBaseline = "middle";
  for (const annotation of annotations) paintLabel(context, annotation, styleOf(styles, annotation.class_id), camera);
}
