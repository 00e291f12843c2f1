/** Reads pictures and clicks, one JSON a line, and writes the outline that the scissors make of them. */
import { readFileSync } from "node:fs";
import { createInterface } from "node:readline";

import { polygonThrough } from "../../web/src/canvas/geometry/polygon";
import { simplifiedRing } from "../../web/src/canvas/geometry/simplify";
import type { Point } from "../../web/src/canvas/geometry/types";
import { Wire } from "../../web/src/canvas/geometry/wire";
import type { Sampler } from "../../web/src/canvas/samples";

interface Wish {
  readonly file: string;
  readonly width: number;
  readonly height: number;
  readonly clicks: readonly Point[];
}

/** Red, green and blue bytes of a file as the canvas would give them. */
function sampler({ file, width, height }: Wish): Sampler {
  const bytes = readFileSync(file);
  return {
    width,
    height,
    step: 1,
    read(x, y, columns, rows) {
      const data = new Uint8ClampedArray(4 * columns * rows);
      for (let row = 0, to = 0; row < rows; row++)
        for (let column = 0, from = 3 * ((y + row) * width + x); column < columns; column++, from += 3, to += 4) {
          data[to] = bytes[from] ?? 0;
          data[to + 1] = bytes[from + 1] ?? 0;
          data[to + 2] = bytes[from + 2] ?? 0;
        }
      return data;
    },
  };
}

for await (const line of createInterface({ input: process.stdin })) {
  const wish = JSON.parse(line) as Wish;
  const picture = sampler(wish);
  const times: number[] = [];
  const path: Point[] = [];
  wish.clicks.forEach((click, i) => {
    const begun = performance.now();
    const next = wish.clicks[(i + 1) % wish.clicks.length] ?? click;
    if (i === 0) path.push(click);
    path.push(...new Wire(picture, click, path).to(next));
    times.push(performance.now() - begun);
  });
  const ring = polygonThrough(simplifiedRing(path, 1), wish)?.rings[0] ?? null;
  process.stdout.write(`${JSON.stringify({ ring, times })}\n`);
}
