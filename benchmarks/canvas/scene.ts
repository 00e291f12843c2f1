/** The picture and the shapes of a scene, the same in every run and for every page that is measured. */
import { drawn } from "../../web/src/canvas";
import type { Annotation, Geometry, Point } from "../../web/src/canvas";

export const PICTURE = { width: 4000, height: 3000 };
export const COLORS = [
  "#E69F00",
  "#56B4E9",
  "#009E73",
  "#F0E442",
  "#0072B2",
  "#D55E00",
  "#CC79A7",
];

/** A small linear congruential generator: the same scene in every run. */
function random(seed: number): () => number {
  let state = seed;
  return () => (state = (state * 1664525 + 1013904223) % 2 ** 32) / 2 ** 32;
}

function geometryAt(kind: string, next: () => number): Geometry {
  const [w, h] = [20 + next() * 60, 20 + next() * 60];
  const [x0, y0] = [
    next() * (PICTURE.width - w),
    next() * (PICTURE.height - h),
  ];
  if (kind === "box") return { type: "box", x0, y0, x1: x0 + w, y1: y0 + h };
  const corner = (_: unknown, i: number): Point => {
    const [angle, reach] = [(i / 40) * 2 * Math.PI, 0.6 + 0.4 * next()];
    return [
      x0 + (w / 2) * (1 + reach * Math.cos(angle)),
      y0 + (h / 2) * (1 + reach * Math.sin(angle)),
    ];
  };
  return { type: "polygon", rings: [Array.from({ length: 40 }, corner)] };
}

export function scene(kind: string, count: number): Annotation[] {
  const next = random(7);
  return Array.from({ length: count }, (_, i) =>
    drawn(geometryAt(kind, next), `class ${i % COLORS.length}`),
  );
}

export async function picture(): Promise<ImageBitmap> {
  const canvas = new OffscreenCanvas(PICTURE.width, PICTURE.height);
  const context = canvas.getContext("2d");
  const next = random(3);
  for (let i = 0; context && i < 3000; i++) {
    context.fillStyle = `hsl(${next() * 360} 30% ${20 + next() * 30}%)`;
    context.fillRect(
      next() * PICTURE.width,
      next() * PICTURE.height,
      200 * next(),
      200 * next(),
    );
  }
  return createImageBitmap(canvas);
}
