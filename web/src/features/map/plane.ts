/** Points on a plane: where they are on the screen, which is near the pointer, which lie within a line. All pure. */

export interface Plane {
  readonly x: readonly number[];
  readonly y: readonly number[];
}

/** The point of the plane in the middle of the screen, and pixels to its unit. */
export interface Camera {
  readonly x: number;
  readonly y: number;
  readonly scale: number;
}

export interface Size {
  readonly width: number;
  readonly height: number;
}

export type Spot = readonly [x: number, y: number];

const MARGIN = 24;

/** Everything from -1 to 1, with a margin. */
export function fitted({ width, height }: Size): Camera {
  return { x: 0, y: 0, scale: Math.max(1, (Math.min(width, height) - 2 * MARGIN) / 2) };
}

export function toScreen(camera: Camera, size: Size, x: number, y: number): Spot {
  return [size.width / 2 + (x - camera.x) * camera.scale, size.height / 2 + (y - camera.y) * camera.scale];
}

export function toPlane(camera: Camera, size: Size, [x, y]: Spot): Spot {
  return [camera.x + (x - size.width / 2) / camera.scale, camera.y + (y - size.height / 2) / camera.scale];
}

/** Larger by a factor, so that what is at a spot of the screen stays there; never smaller than all, never closer than 400 times. */
export function zoomed(camera: Camera, size: Size, at: Spot, factor: number): Camera {
  const whole = fitted(size).scale;
  const scale = Math.min(400 * whole, Math.max(whole * 0.8, camera.scale * factor));
  const [x, y] = toPlane(camera, size, at);
  const kept = { x: camera.x, y: camera.y, scale };
  const [nowX, nowY] = toPlane(kept, size, at);
  return within({ x: camera.x + x - nowX, y: camera.y + y - nowY, scale });
}

/** Moved by pixels of the screen. */
export function moved(camera: Camera, dx: number, dy: number): Camera {
  return within({ ...camera, x: camera.x - dx / camera.scale, y: camera.y - dy / camera.scale });
}

/** The middle of the screen stays where points are. */
function within(camera: Camera): Camera {
  const clamp = (value: number) => Math.min(1, Math.max(-1, value));
  return { ...camera, x: clamp(camera.x), y: clamp(camera.y) };
}

/** The point nearest to a spot of the screen, at most `reach` pixels away; -1 where there is none. */
export function nearest(points: Plane, camera: Camera, size: Size, at: Spot, reach: number): number {
  const [x, y] = toPlane(camera, size, at);
  let best = (reach / camera.scale) ** 2;
  let found = -1;
  for (let row = 0; row < points.x.length; row += 1) {
    const far = ((points.x[row] ?? 0) - x) ** 2 + ((points.y[row] ?? 0) - y) ** 2;
    if (far <= best) {
      best = far;
      found = row;
    }
  }
  return found;
}

/** The points within a closed line (even-odd), given in units of the plane. */
export function enclosed(points: Plane, line: readonly Spot[]): number[] {
  const xs = line.map(([x]) => x);
  const ys = line.map(([, y]) => y);
  const [left, right, top, bottom] = [Math.min(...xs), Math.max(...xs), Math.min(...ys), Math.max(...ys)];
  const found: number[] = [];
  for (let row = 0; row < points.x.length; row += 1) {
    const x = points.x[row] ?? 0;
    const y = points.y[row] ?? 0;
    if (x >= left && x <= right && y >= top && y <= bottom && isInside(line, x, y)) found.push(row);
  }
  return found;
}

function isInside(line: readonly Spot[], x: number, y: number): boolean {
  let inside = false;
  let [fromX, fromY] = line.at(-1) ?? [0, 0];
  for (const [toX, toY] of line) {
    if (fromY > y !== toY > y && x < ((fromX - toX) * (y - toY)) / (fromY - toY) + toX) inside = !inside;
    [fromX, fromY] = [toX, toY];
  }
  return inside;
}
