/** The few shapes that are alive - hovered, selected, under the hand - as SVG above the bitmaps. */
import { toScreen } from "../camera";
import type { Camera } from "../camera";
import { sameVertex } from "../geometry/polygon";
import { labelPlace, ringsOf } from "../geometry/shape";
import type { Geometry, Point } from "../geometry/types";
import { HANDLE } from "../grips";
import type { Fingers, Grip } from "../grips";
import { PLAIN } from "../looks";
import { same } from "../store/same";
import type { Mark } from "../tools/tool";
import { inkOn, shortened } from "./paint";

export interface Lively {
  readonly geometry: Geometry;
  readonly color: string;
  readonly label: string;
  readonly kind: "hovered" | "selected" | "drawn";
  readonly dashed: boolean;
  readonly grips: readonly Grip[];
  /** Vertices set so far, while an outline is being drawn. */
  readonly points?: readonly Point[] | undefined;
  /** The line set so far, where it has more points than those. */
  readonly path?: readonly Point[] | undefined;
  /** Clicks on and beside an object whose outline is sought. */
  readonly marks?: readonly Mark[] | undefined;
  /** It waits for its tool. */
  readonly waits?: boolean;
}

interface Look extends Pick<Fingers, "touch" | "vertex"> {
  /** CSS pixels of an outline, and per cent by which its inside is covered. */
  readonly line: number;
  readonly fill: number;
}

const SVG = "http://www.w3.org/2000/svg";
/** Points of an outline that are closer on the screen, in CSS pixels, are left out. */
const STEP = 0.7;

function element<Name extends keyof SVGElementTagNameMap>(
  name: Name,
  attributes: Readonly<Record<string, string | number>>,
): SVGElementTagNameMap[Name] {
  const made = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, String(value));
  return made;
}

const fixed = (value: number): string => value.toFixed(2);

function ringPath(ring: readonly Point[], { scale, tx, ty }: Camera): string {
  let [path, lastX, lastY] = ["", Infinity, Infinity];
  ring.forEach(([x, y], i) => {
    const [sx, sy] = [x * scale + tx, y * scale + ty];
    if (i > 0 && Math.abs(sx - lastX) + Math.abs(sy - lastY) < STEP) return;
    path += `${i === 0 ? "M" : "L"}${fixed(sx)} ${fixed(sy)}`;
    [lastX, lastY] = [sx, sy];
  });
  return path;
}

const outline = (geometry: Geometry, camera: Camera): string =>
  ringsOf(geometry)
    .map((ring) => `${ringPath(ring, camera)}${geometry.type === "polyline" ? "" : "Z"}`)
    .join("");

/** Vertices of an outline on its way that are marked, the last ones. */
const DOTS = 200;
const FILL = { hovered: 0.22, selected: 0.18, drawn: 0.12 };

function shape({ geometry, color, kind, dashed }: Lively, camera: Camera, look: Look): SVGElement[] {
  if (geometry.type === "points") return dots(geometry.points, color, camera, 6, color);
  const d = outline(geometry, camera);
  // The pixels of a mask are painted already: a frame about them is enough.
  if (geometry.type === "mask") {
    const frame = { d, fill: "none", "stroke-dasharray": "6 4" };
    return [
      element("path", { ...frame, stroke: "#000", "stroke-opacity": 0.55, "stroke-width": 3 }),
      element("path", { ...frame, stroke: color, "stroke-width": 1.5 }),
    ];
  }
  // Above what is painted: as much more as a live shape stands out by.
  const opacity = Math.min(Math.max(FILL[kind] + (look.fill - PLAIN.fill) / 100, 0), 1);
  const width = kind === "hovered" ? look.line + 0.5 : look.line;
  const inner = geometry.type === "polyline" ? "none" : color;
  const fill = element("path", { d, fill: inner, "fill-opacity": opacity, "fill-rule": "evenodd", stroke: "none" });
  const halo = { d, fill: "none", stroke: "#000", "stroke-opacity": 0.55, "stroke-width": look.line + 2.5 };
  const line = element("path", { d, fill: "none", stroke: color, "stroke-width": width });
  if (dashed) line.setAttribute("stroke-dasharray", "6 4");
  return [fill, element("path", halo), line];
}

/** A box on its way by points on its sides. */
function markedBox(lively: Lively, points: readonly Point[], camera: Camera, look: Look): SVGElement[] {
  return [...shape(lively, camera, look), ...dots(points, lively.color, camera, 4)];
}

/** A plus on the object, a minus beside it. */
function sign({ at, inside }: Mark, camera: Camera): SVGElement {
  const [x, y] = toScreen(camera, at);
  const mark = element("g", { transform: `translate(${fixed(x)} ${fixed(y)})` });
  const disc = element("circle", { r: 7, fill: inside ? "#0a7d33" : "#c92a2a", stroke: "#fff", "stroke-width": 2 });
  const bars = element("path", {
    d: inside ? "M-3.5 0H3.5M0 -3.5V3.5" : "M-3.5 0H3.5",
    stroke: "#fff",
    "stroke-width": 2,
  });
  mark.append(disc, bars);
  return mark;
}

const dots = (points: readonly Point[], color: string, camera: Camera, r: number, fill = "#fff"): SVGElement[] =>
  points.map((point) => {
    const [cx, cy] = toScreen(camera, point);
    const stroke = fill === color ? "#fff" : color;
    return element("circle", { cx: fixed(cx), cy: fixed(cy), r, fill, stroke, "stroke-width": 2 });
  });

/** An outline on its way: lines between the vertices, a thinner one to the pointer and back to the first vertex. */
function sketch(
  { geometry, color, path }: Lively,
  points: readonly Point[],
  camera: Camera,
  { touch }: Look,
): SVGElement[] {
  const whole = outline(geometry, camera);
  const d = ringPath(path ?? points, camera);
  const isLine = geometry.type === "polyline";
  const inner = isLine ? "none" : color;
  const fill = element("path", { d: whole, fill: inner, "fill-opacity": FILL.drawn, stroke: "none" });
  const rubber = element("path", {
    d: whole,
    fill: "none",
    stroke: color,
    "stroke-width": 1,
    "stroke-dasharray": "4 4",
  });
  const halo = element("path", { d, fill: "none", stroke: "#000", "stroke-opacity": 0.55, "stroke-width": 4.5 });
  const line = element("path", { d, fill: "none", stroke: color, "stroke-width": 2 });
  // The first vertex closes a polygon, so it is the one to aim at.
  const aim = touch ? HANDLE.finger / 2 : 6;
  const first = dots(points.slice(0, 1), color, camera, isLine ? 3 : aim);
  return [fill, halo, rubber, line, ...dots(points.slice(1).slice(-DOTS), color, camera, 3), ...first];
}

/** A vertex that keys act on is filled; those of a small outline are half as large. */
function vertexDot(grip: Grip & { readonly kind: "vertex" }, color: string, vertex: Look["vertex"]): SVGElement {
  const chosen = sameVertex(grip.at, vertex);
  const r = (chosen ? 6 : 5) * (grip.small ? 0.5 : 1);
  const [fill, stroke] = chosen ? [color, "#fff"] : ["#fff", color];
  const [cx, cy] = [fixed(grip.screen[0]), fixed(grip.screen[1])];
  return element("circle", { cx, cy, r, fill, stroke, "stroke-width": grip.small ? 1.25 : 2 });
}

function handle(grip: Grip, color: string, { touch, vertex }: Look): SVGElement[] {
  const [x, y] = grip.screen;
  const size = HANDLE.pointer;
  const colors = { fill: "#fff", stroke: color, "stroke-width": 2 };
  const [cx, cy] = [fixed(x), fixed(y)];
  const place = { x: fixed(x - size / 2), y: fixed(y - size / 2), width: size, height: size };
  if (grip.kind === "vertex") return [...around(cx, cy, color, touch), vertexDot(grip, color, vertex)];
  const mark =
    grip.kind === "corner"
      ? element("rect", { ...place, rx: 2, ...colors })
      : grip.kind === "turn"
        ? element("circle", { cx, cy, r: 5, ...colors })
        : element("circle", { cx, cy, r: 3.5, fill: color, stroke: "#fff", "stroke-width": 1, opacity: 0.9 });
  if (grip.kind === "turn") {
    const [fx, fy] = grip.foot;
    const stem = element("path", { d: `M${fixed(fx)} ${fixed(fy)}L${cx} ${cy}`, stroke: color, "stroke-width": 2 });
    return [stem, ...around(cx, cy, color, touch), mark];
  }
  return [...around(cx, cy, color, touch), mark];
}

/** What a finger aims at. */
const around = (cx: string, cy: string, color: string, touch: boolean): SVGElement[] =>
  touch ? [element("circle", { cx, cy, r: HANDLE.finger / 2, fill: "#fff", "fill-opacity": 0.25, stroke: color })] : [];

function drawnOf(lively: Lively, camera: Camera, look: Look): SVGElement[] {
  if (lively.waits) {
    const faint = element("g", { opacity: 0.85, "stroke-dasharray": "3 4", "data-waits": "" });
    faint.append(...drawnOf({ ...lively, waits: false }, camera, look));
    return [faint];
  }
  if (!lively.points) return shape(lively, camera, look);
  const { type } = lively.geometry;
  const draw = type === "polygon" || type === "polyline" ? sketch : markedBox;
  return draw(lively, lively.points, camera, look);
}

const WEIGHT = 600;
const FAMILY = "system-ui, sans-serif";
const LETTERS = 12;
let ruler: CanvasRenderingContext2D | null | undefined;

/** CSS pixels of a label; where nothing measures, about as many. */
function widthOf(text: string): number {
  if (ruler === undefined) {
    ruler = document.createElement("canvas").getContext("2d");
    if (ruler) ruler.font = `${String(WEIGHT)} ${String(LETTERS)}px ${FAMILY}`;
  }
  return ruler ? ruler.measureText(text).width : 7.4 * text.length;
}

/** Covers the static label, so that there are never two; above the handles there is room for the words. */
function label({ geometry, color, label: text, kind }: Lively, { scale, tx, ty }: Camera): SVGElement[] {
  if (!text) return [];
  const [x0, y0] = labelPlace(geometry);
  const x = Math.max(x0 * scale + tx - 1, 2);
  const y = Math.max(y0 * scale + ty, 24);
  const height = kind === "selected" ? 22 : 18;
  const node = element("text", {
    x: fixed(x + 5),
    y: fixed(y - height + 13),
    fill: inkOn(color),
    "font-size": LETTERS,
  });
  const shown = shortened(text, 40);
  node.textContent = shown;
  const width = 10 + widthOf(shown);
  return [element("rect", { x: fixed(x), y: fixed(y - height), width, height, rx: 3, fill: color }), node];
}

export class Overlay {
  readonly #svg = element("svg", { "aria-hidden": "true", "font-family": FAMILY, "font-weight": WEIGHT });
  readonly #shapes = element("g", {});
  #shown: { shapes: readonly Lively[]; camera: Camera; look: Look } | null = null;
  readonly #guides = element("path", { fill: "none", stroke: "#fff", "stroke-opacity": 0.55, "stroke-width": 1 });

  readonly #brush = [
    element("circle", { fill: "none", stroke: "#000", "stroke-opacity": 0.6, "stroke-width": 3 }),
    element("circle", { fill: "none", stroke: "#fff", "stroke-width": 1.25 }),
  ];

  constructor(parent: HTMLElement) {
    this.#svg.style.cssText = "position:absolute;inset:0;width:100%;height:100%;pointer-events:none";
    this.#svg.append(this.#guides, this.#shapes, ...this.#brush);
    parent.append(this.#svg);
  }

  show(shapes: readonly Lively[], camera: Camera, look: Look): void {
    const shown = { shapes, camera, look };
    if (same(shown, this.#shown)) return; // whatever is made anew is also painted anew
    this.#shown = shown;
    this.#shapes.replaceChildren(
      ...shapes.flatMap((lively) => [
        ...drawnOf(lively, camera, look),
        ...(lively.marks ?? []).map((mark) => sign(mark, camera)),
        ...label(lively, camera),
        ...lively.grips.flatMap((grip) => handle(grip, lively.color, look)),
      ]),
    );
  }

  /** What a brush would touch: a circle about the pointer; null hides it. */
  brush(at: Point | null, radius: number): void {
    for (const circle of this.#brush) {
      circle.style.display = at ? "" : "none";
      if (!at) continue;
      circle.setAttribute("cx", fixed(at[0]));
      circle.setAttribute("cy", fixed(at[1]));
      circle.setAttribute("r", fixed(radius));
    }
  }

  /** Two lines through the pointer; null hides them. */
  guides(at: Point | null): void {
    if (!at) this.#guides.removeAttribute("d");
    else this.#guides.setAttribute("d", `M0 ${at[1]}H10000M${at[0]} 0V10000`);
  }
}
