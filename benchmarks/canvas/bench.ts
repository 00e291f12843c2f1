/** One scene and the gestures that run.py measures; every gesture takes one step a frame. */
import { Document, Editor, View, drawn } from "../../web/src/canvas";
import type { Annotation, Geometry, Point } from "../../web/src/canvas";

const PICTURE = { width: 4000, height: 3000 };
const COLORS = [
  "#E69F00",
  "#56B4E9",
  "#009E73",
  "#F0E442",
  "#0072B2",
  "#D55E00",
  "#CC79A7",
];

/** Milliseconds of the main thread spent in the animation frames of the canvas. */
let spent = 0;
const frame = window.requestAnimationFrame.bind(window);
window.requestAnimationFrame = (callback) =>
  frame((time) => {
    const start = performance.now();
    callback(time);
    spent += performance.now() - start;
  });
const nextFrame = (): Promise<number> =>
  new Promise((resolve) => frame(resolve));

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

function scene(kind: string, count: number): Annotation[] {
  const next = random(7);
  return Array.from({ length: count }, (_, i) =>
    drawn(geometryAt(kind, next), `class ${i % COLORS.length}`),
  );
}

async function picture(): Promise<ImageBitmap> {
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

let editor = new Editor();
let view: View | null = null;

const input = (x: number, y: number) => {
  const { scale, tx, ty } = editor.camera;
  return {
    screen: [x, y] as Point,
    image: [(x - tx) / scale, (y - ty) / scale] as Point,
    shift: false,
    alt: false,
    touch: false,
  };
};

/** Shows a scene; answers the milliseconds until it was on the screen. */
async function setup(
  kind: string,
  count: number,
  eager: boolean,
): Promise<number> {
  view?.destroy();
  const stage = document.getElementById("stage");
  if (!stage) throw new Error("the page has no stage");
  editor = new Editor();
  const pixels = await picture();
  const annotations = scene(kind, count);
  view = new View(stage, editor, { eager });
  view.setStyles(
    new Map(
      COLORS.map((color, i) => [`class ${i}`, { name: `class ${i}`, color }]),
    ),
  );
  editor.setClass("class 0");
  await nextFrame();
  const start = performance.now();
  view.setPixels(pixels, PICTURE);
  editor.open(new Document("bench", PICTURE, annotations));
  await nextFrame();
  await nextFrame();
  return performance.now() - start;
}

const wave = (i: number, reach: number): number =>
  Math.round(Math.sin(i / 9) * reach);

/** One step of each gesture; `i` counts the frames. */
const GESTURES: Readonly<
  Record<
    string,
    { readonly before: () => void; readonly step: (i: number) => void }
  >
> = {
  idle: { before: () => editor.fit(), step: () => undefined },
  "pan, all visible": {
    before: () => editor.fit(),
    step: (i) => editor.pan(wave(i, 8), wave(i + 5, 6)),
  },
  "pan at 100 %": {
    before: () => editor.oneToOne(),
    step: (i) => editor.pan(wave(i, 25), wave(i + 5, 20)),
  },
  zoom: {
    before: () => editor.fit(),
    step: (i) => editor.zoom(i % 60 < 30 ? 1.06 : 1 / 1.06, [500, 400]),
  },
  // Every half second the hand rests and the scene is painted sharp: the worst frame tells what that costs.
  "zoom and rest": {
    before: () => editor.fit(),
    step: (i) => {
      if (i % 30 < 8) editor.zoom(i % 60 < 30 ? 1.1 : 1 / 1.1, [500, 400]);
    },
  },
  hover: {
    before: () => editor.setTool("select"),
    step: (i) =>
      editor.activeTool.move(
        input(200 + ((i * 37) % 900), 150 + ((i * 23) % 500)),
      ),
  },
  drag: {
    before: () => {
      editor.oneToOne();
      editor.setTool("select");
      const box = editor.document?.index
        .query([1900, 1400, 2100, 1600])
        .find(({ geometry }) => geometry.type === "box");
      if (box) editor.select([box.id]);
    },
    step: (i) => {
      const [id] = editor.selected;
      const geometry = id === undefined ? undefined : editor.get(id)?.geometry;
      if (geometry?.type !== "box") return;
      if (i % 30 === 0) {
        const { scale, tx, ty } = editor.camera;
        const at = input(
          ((geometry.x0 + geometry.x1) / 2) * scale + tx,
          ((geometry.y0 + geometry.y1) / 2) * scale + ty,
        );
        editor.activeTool.down(at);
        last = at.screen;
      }
      last = [last[0] + 2, last[1] + 1];
      editor.activeTool.move(input(...last));
      if (i % 30 === 29) editor.activeTool.up(input(...last));
    },
  },
  add: {
    before: () => editor.fit(),
    step: (i) => {
      const [x0, y0] = [(i * 131) % 3900, (i * 77) % 2900];
      editor.add({ type: "box", x0, y0, x1: x0 + 60, y1: y0 + 50 }, "class 1");
    },
  },
  // Strokes on a mask that covers the whole picture in stripes; every thirtieth step ends one and stores it.
  paint: {
    before: () => {
      editor.fit();
      editor.setBrush(60);
      const { id } = editor.add(stripes(), "class 2");
      editor.select([id]);
      editor.setTool("brush");
    },
    step: (i) => {
      const at = input(300 + ((i * 19) % 700), 200 + ((i * 7) % 450));
      if (i % 30 === 0) editor.activeTool.down(at);
      editor.activeTool.move(at);
      if (i % 30 === 29) editor.activeTool.up(at);
    },
  },
};
let last: Point = [0, 0];

function stripes(): Geometry {
  const { width, height } = PICTURE;
  const run = height / 20;
  const counts = Array.from({ length: width * 20 }, () => run);
  return { type: "mask", width, height, counts };
}

interface Measured {
  /** Main-thread milliseconds of handlers and frames, per step. */
  readonly main: number;
  /** Milliseconds between frames, sorted. */
  readonly between: readonly number[];
}

async function run(name: string, steps: number): Promise<Measured> {
  const gesture = GESTURES[name];
  if (!gesture) throw new Error(`no gesture ${name}`);
  const between: number[] = [];
  let before = await nextFrame();
  spent = 0;
  for (let i = 0; i < steps; i++) {
    const start = performance.now();
    gesture.step(i);
    spent += performance.now() - start;
    const now = await nextFrame();
    between.push(now - before);
    before = now;
  }
  return { main: spent / steps, between: between.sort((a, b) => a - b) };
}

async function prepare(name: string): Promise<void> {
  GESTURES[name]?.before();
  await new Promise((resolve) => setTimeout(resolve, 400));
}

Object.assign(window, {
  bench: { setup, prepare, run, gestures: Object.keys(GESTURES) },
});
