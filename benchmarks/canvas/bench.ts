/** One scene and the gestures that run.py measures; every gesture takes one step a frame. */
import { boundsOf, Document, Editor, View } from "../../web/src/canvas";
import type { Geometry, Point } from "../../web/src/canvas";
import { COLORS, PICTURE, picture, scene } from "./scene";
import type { Rival } from "./rival";
import { SvgPage } from "./svg";

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
  // What making the scene left behind is not part of showing it.
  await new Promise((resolve) => setTimeout(resolve, 500));
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
      const [shape] =
        editor.document?.index.query([1950, 1450, 2050, 1550]) ?? [];
      if (shape) editor.select([shape.id]);
    },
    step: (i) => {
      const [id] = editor.selected;
      const geometry = id === undefined ? undefined : editor.get(id)?.geometry;
      if (!geometry) return;
      const [x0, y0, x1, y1] = boundsOf(geometry);
      if (i % 30 === 0) {
        const { scale, tx, ty } = editor.camera;
        const at = input(
          ((x0 + x1) / 2) * scale + tx,
          ((y0 + y1) / 2) * scale + ty,
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

/** Ours as a page beside the others. */
const OURS: Rival = {
  open: (_, kind, count) => setup(kind, count, false).then(() => editor.fit()),
  zoom: (factor, at) => editor.zoom(factor, at),
  pan: (dx, dy) => editor.pan(dx, dy),
  close: () => view?.destroy(),
};

let rival: Rival = OURS;

/** Shows the same scene on another page: `boxwright`, `svg`, or `konva` where that is installed. */
async function open(name: string, kind: string, count: number): Promise<void> {
  rival.close();
  const stage = document.getElementById("stage");
  if (!stage) throw new Error("the page has no stage");
  stage.replaceChildren();
  if (name === "konva") rival = await (await import("./konva")).konvaPage();
  else rival = name === "svg" ? new SvgPage() : OURS;
  await rival.open(stage, kind, count);
}

/** Moves the view of the open page in each frame. */
async function drive(
  what: "idle" | "zoom" | "pan",
  steps: number,
): Promise<void> {
  for (let i = 0; i < steps; i++) {
    if (what === "zoom") rival.zoom(i % 60 < 30 ? 1.06 : 1 / 1.06, [500, 400]);
    if (what === "pan") rival.pan(wave(i, 8), wave(i + 5, 6));
    await nextFrame();
  }
}

Object.assign(window, {
  bench: { setup, prepare, run, gestures: Object.keys(GESTURES), open, drive },
});
