/** Rows of the charts: what each bin is called, how many are in it, and which images are behind it. */
import type { Schemas } from "../../api/client";
import type { Split } from "../../api/types";
import { count, plural } from "../../lib/format";
import { statistics as words } from "../../strings/statistics";
import type { ImageFilter } from "../images/filter";

export type Statistics = Schemas["Statistics"];
export type PerSplit = Schemas["PerSplit"];
type Histogram = Schemas["Histogram"];

export const SPLITS: readonly Split[] = ["train", "val", "test", "none"];

export interface Row {
  readonly key: string;
  readonly label: string;
  readonly numbers: PerSplit;
  /** The images behind it; undefined where no filter finds them. */
  readonly filter?: ImageFilter;
  readonly color?: string;
  readonly note?: string;
  /** A word of warning. */
  readonly mark?: string;
}

export const total = (numbers: PerSplit): number => SPLITS.reduce((sum, split) => sum + numbers[split], 0);

/** The splits that have images. */
export const splitsOf = ({ images }: Statistics): Split[] => SPLITS.filter((split) => images[split] > 0);

type Range = (low: number, high: number | undefined) => { label: string; filter?: ImageFilter };

function rowsOf(histogram: Histogram, range: Range): Row[] {
  const rows = histogram.edges.map((low, bin) => ({
    key: String(low),
    ...range(low, histogram.edges[bin + 1]),
    numbers: numbersOf((split) => histogram[split][bin] ?? 0),
  }));
  return trimmed(rows);
}

/** Without the empty ones at both ends. */
function trimmed(rows: Row[]): Row[] {
  const filled = rows.flatMap(({ numbers }, index) => (total(numbers) > 0 ? [index] : []));
  return filled.length === 0 ? [] : rows.slice(filled[0], (filled.at(-1) ?? 0) + 1);
}

function numbersOf(number: (split: Split) => number): PerSplit {
  return { train: number("train"), val: number("val"), test: number("test"), none: number("none") };
}

function span(low: number, high: number | undefined, say: (value: number) => string): string {
  if (high === undefined) return words.from(say(low));
  return low === 0 ? words.below(say(high)) : words.between(say(low), say(high));
}

/** The parts of a filter from one number to another. */
function limits(part: "area" | "ratio" | "pixels", low: number, high: number | undefined): ImageFilter {
  return { ...(low === 0 ? {} : { [`min_${part}`]: low }), ...(high === undefined ? {} : { [`max_${part}`]: high }) };
}

const classOf = ({ class_id }: Statistics): ImageFilter => (typeof class_id === "string" ? { class: class_id } : {});

/** By the side of a square of the same area. */
export function areaRows(figures: Statistics): Row[] {
  return rowsOf(figures.areas, (low, high) => ({
    label: span(Math.sqrt(low), high === undefined ? undefined : Math.sqrt(high), count),
    filter: { ...classOf(figures), ...limits("area", low, high) },
  }));
}

const COCO = [
  ["small", 0, 32 ** 2],
  ["medium", 32 ** 2, 96 ** 2],
  ["large", 96 ** 2, undefined],
] as const;

/** Small, medium and large as COCO counts them. */
export function sizeRows(figures: Statistics): Row[] {
  const { areas } = figures;
  return COCO.map(([name, low, high]) => ({
    key: name,
    label: words.sizes[name],
    filter: { ...classOf(figures), ...limits("area", low, high) },
    numbers: numbersOf((split) =>
      areas.edges.reduce(
        (sum, edge, bin) => sum + (edge >= low && edge < (high ?? Infinity) ? (areas[split][bin] ?? 0) : 0),
        0,
      ),
    ),
  }));
}

export function ratioRows(figures: Statistics): Row[] {
  return rowsOf(figures.ratios, (low, high) => ({
    label: span(low, high, String),
    filter: { ...classOf(figures), ...limits("ratio", low, high) },
  }));
}

/** Objects per image. How many of one class an image has, no filter asks. */
export function countRows(figures: Statistics): Row[] {
  const one = typeof figures.class_id === "string";
  return rowsOf(figures.counts, (low, high) => ({
    label:
      high === undefined
        ? words.from(count(low))
        : high === low + 1
          ? count(low)
          : words.between(count(low), count(high - 1)),
    ...(one ? {} : { filter: { min_objects: low, ...(high === undefined ? {} : { max_objects: high - 1 }) } }),
  }));
}

export function pixelRows(figures: Statistics): Row[] {
  return rowsOf(figures.pixels, (low, high) => ({
    label: span(low / 1e6, high === undefined ? undefined : high / 1e6, String),
    filter: limits("pixels", low, high === undefined ? undefined : high - 1),
  }));
}

/** Classes with the most objects first; those with fewer than `minimum` are marked. */
export function classRows({ classes }: Statistics, minimum: number): Row[] {
  return [...classes]
    .sort((one, other) => total(other.objects) - total(one.objects))
    .map(({ class_id, name, color, objects, images }) => ({
      key: class_id,
      label: name,
      color,
      numbers: objects,
      note: words.inImages(plural(total(images), "image")),
      filter: { class: class_id },
      ...(total(objects) < minimum ? { mark: words.few } : {}),
    }));
}

export interface Line {
  readonly label: string;
  readonly all: string;
  readonly splits: readonly string[];
}

/** Splits side by side. */
export function compared(figures: Statistics, splits: readonly Split[]): Line[] {
  const { images, labeled, objects } = figures;
  const line = (label: string, say: (of: (numbers: PerSplit) => number) => string): Line => ({
    label,
    all: say(total),
    splits: splits.map((split) => say((numbers) => numbers[split])),
  });
  return [
    line(words.rows.images, (of) => count(of(images))),
    line(words.rows.labeled, (of) => count(of(labeled))),
    line(words.rows.objects, (of) => count(of(objects))),
    line(words.rows.each, (of) => (of(images) === 0 ? "–" : (of(objects) / of(images)).toFixed(1))),
    ...sizeRows(figures).map(({ key, numbers }) =>
      line(words.rows[key as "small"], (of) => share(of(numbers), of(objects))),
    ),
  ];
}

const share = (part: number, all: number): string => (all === 0 ? "–" : `${((part / all) * 100).toFixed(1)} %`);

/** What share of the centres lies in the middle ninth. */
export function middle({ positions, cells }: Statistics): number | null {
  const inner = (index: number) => index >= cells / 3 && index < (2 * cells) / 3;
  let [sum, within] = [0, 0];
  positions.forEach((row, y) =>
    row.forEach((number, x) => {
      sum += number;
      if (inner(x) && inner(y)) within += number;
    }),
  );
  return sum === 0 ? null : within / sum;
}
