import type { Group } from "./groups";
import { toScreen, type Camera, type Plane, type Size, type Spot } from "./plane";

export interface Scene {
  readonly points: Plane;
  readonly groups: readonly Group[];
  /** The rows that stand out; null where nothing is selected. */
  readonly chosen: ReadonlySet<number> | null;
  readonly hovered: number;
  /** The image whose likes are listed. */
  readonly asked: number;
  /** What is being drawn around, on the screen. */
  readonly line: readonly Spot[];
  readonly dark: boolean;
}

const TURN = 2 * Math.PI;

/** Draw the points of all groups, what was not chosen pale and first, and on top of them what is pointed at. */
export function draw(canvas: HTMLCanvasElement, size: Size, ratio: number, camera: Camera, scene: Scene): void {
  const context = canvas.getContext("2d");
  if (context === null) return;
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  context.clearRect(0, 0, size.width, size.height);
  const radius = radiusFor(scene.points.x.length, camera.scale, size);
  if (scene.chosen !== null) dots(context, size, camera, scene, radius, false);
  dots(context, size, camera, scene, radius, true);
  context.globalAlpha = 1;
  for (const row of [scene.asked, scene.hovered]) ring(context, camera, size, scene, row, radius + 4);
  lasso(context, scene);
}

/** Either what stands out, or the others. */
function dots(
  context: CanvasRenderingContext2D,
  size: Size,
  camera: Camera,
  { points, groups, chosen }: Scene,
  radius: number,
  stands: boolean,
): void {
  context.globalAlpha = stands ? 0.9 : 0.16;
  for (const group of groups) {
    context.fillStyle = group.color;
    for (const row of group.rows) {
      if (chosen !== null && chosen.has(row) !== stands) continue;
      const [x, y] = toScreen(camera, size, points.x[row] ?? 0, points.y[row] ?? 0);
      if (isNear(x, size.width) && isNear(y, size.height)) dot(context, x, y, radius);
    }
  }
}

const isNear = (value: number, room: number): boolean => value > -8 && value < room + 8;

/** Small dots are squares: a screen does not show the difference, and many are drawn sooner. */
function dot(context: CanvasRenderingContext2D, x: number, y: number, radius: number): void {
  if (radius < 2.5) {
    context.fillRect(x - radius, y - radius, 2 * radius, 2 * radius);
    return;
  }
  context.beginPath();
  context.arc(x, y, radius, 0, TURN);
  context.fill();
}

/** Fewer or larger on the screen, larger dots. */
function radiusFor(n: number, scale: number, { width, height }: Size): number {
  const near = Math.sqrt(scale / Math.max(1, Math.min(width, height) / 2));
  return Math.max(1.2, Math.min(7, (26 / Math.sqrt(Math.max(20, n) / 20)) * 0.3 * near + 1.2));
}

function ring(
  context: CanvasRenderingContext2D,
  camera: Camera,
  size: Size,
  scene: Scene,
  row: number,
  radius: number,
) {
  const { points, dark } = scene;
  if (row < 0 || row >= points.x.length) return;
  const [x, y] = toScreen(camera, size, points.x[row] ?? 0, points.y[row] ?? 0);
  context.strokeStyle = dark ? "#ffffff" : "#000000";
  context.lineWidth = 2;
  context.beginPath();
  context.arc(x, y, radius, 0, TURN);
  context.stroke();
}

function lasso(context: CanvasRenderingContext2D, { line, dark }: Scene): void {
  if (line.length < 2) return;
  context.beginPath();
  for (const [x, y] of line) context.lineTo(x, y);
  context.closePath();
  context.fillStyle = dark ? "#8ea6f030" : "#3c57ba20";
  context.fill();
  context.strokeStyle = dark ? "#8ea6f0" : "#3c57ba";
  context.lineWidth = 1.5;
  context.setLineDash([5, 4]);
  context.stroke();
  context.setLineDash([]);
}
