import type { QualityReport } from "../../api/types";
import type { Series } from "../../components/chart/series";
import { quality as words } from "../../strings/quality";

type Curves = QualityReport["classes"][number];
export type Curve = "pr" | "precision" | "recall" | "f1";

/** Points of a curve that is given at 0, 0.01 ... 1. */
export function points(values: readonly number[]): [number, number][] {
  return values.map((value, step) => [step / 100, value]);
}

/** The mean of the classes that have the curve. */
export function meanOf(classes: readonly Curves[], curve: Curve): number[] {
  const given = classes.map((one) => one[curve]).filter((values) => values.length > 0);
  const first = given[0] ?? [];
  return first.map((_, step) => given.reduce((sum, values) => sum + (values[step] ?? 0), 0) / given.length);
}

const FEW = 4;

/** Precision by recall: of one class, or the mean and, where they are few, every class. */
export function prSeries(classes: readonly Curves[], wanted: string | undefined): Series[] {
  return seriesOf(classes, wanted, "pr");
}

/** By score: of one class F1, precision and recall; of all, F1. */
export function scoreSeries(classes: readonly Curves[], wanted: string | undefined): Series[] {
  const one = classes.find((item) => item.class_id === wanted);
  if (one === undefined) return seriesOf(classes, undefined, "f1");
  return [
    { name: words.f1Name, points: points(one.f1) },
    { name: words.precisionName, points: points(one.precision) },
    { name: words.recall, points: points(one.recall) },
  ];
}

function seriesOf(classes: readonly Curves[], wanted: string | undefined, curve: Curve): Series[] {
  const one = classes.find((item) => item.class_id === wanted);
  if (one !== undefined) return [{ name: one.name, points: points(one[curve]) }];
  const each = classes.filter((item) => item[curve].length > 0);
  const mean = { name: words.mean, points: points(meanOf(classes, curve)) };
  if (each.length === 1) return each.map((item) => ({ name: item.name, points: points(item[curve]) }));
  return each.length <= FEW
    ? [mean, ...each.map((item) => ({ name: item.name, points: points(item[curve]) }))]
    : [mean];
}

export interface Matrix {
  /** Class ids, the background last. */
  ids: string[];
  /** `counts[truth][found]` */
  counts: number[][];
  /** The largest number of a row, to shade by. */
  rowMax: number[];
}

export const BACKGROUND = "background";

/** The confusion matrix; of many classes those with the most confusions. */
export function matrixOf(report: QualityReport, most: number): Matrix {
  const ids = [...worstOf(report, most), BACKGROUND];
  const counts = ids.map(() => ids.map(() => 0));
  for (const { truth, found, count } of report.confusions) {
    const row = counts[ids.indexOf(truth ?? BACKGROUND)];
    const column = ids.indexOf(found ?? BACKGROUND);
    if (row !== undefined && column >= 0) row[column] = count;
  }
  return { ids, counts, rowMax: counts.map((row) => Math.max(1, ...row)) };
}

/** The classes with the most confusions, in their own order. */
function worstOf(report: QualityReport, most: number): string[] {
  const mixed = new Map<string | null, number>();
  for (const { truth, found, count } of report.confusions.filter((one) => one.truth !== one.found)) {
    for (const id of [truth, found]) mixed.set(id, (mixed.get(id) ?? 0) + count);
  }
  const ids = report.classes.map((one) => one.class_id);
  const worst = new Set([...ids].sort((a, b) => (mixed.get(b) ?? 0) - (mixed.get(a) ?? 0)).slice(0, most));
  return ids.filter((id) => worst.has(id));
}
