import type { Metric } from "../../api/types";
import type { Series } from "../../components/chart/series";
import { training as words } from "../../strings/training";

/** Values of a job as curves by name, each by rising step. */
export function curvesOf(metrics: readonly Metric[]): Map<string, [number, number][]> {
  const curves = new Map<string, [number, number][]>();
  for (const { name, step, value } of metrics) {
    const points = curves.get(name) ?? [];
    points.push([step, value]);
    curves.set(name, points);
  }
  for (const points of curves.values()) points.sort((a, b) => a[0] - b[0]);
  return curves;
}

/** Those curves of a chart that have a value. */
export function seriesOf(curves: ReadonlyMap<string, [number, number][]>, names: readonly string[]): Series[] {
  return names
    .filter((name) => curves.has(name))
    .map((name) => ({ name: words.curves[name] ?? name, points: curves.get(name) ?? [] }));
}

/** The highest point of a curve. */
export function bestOf(points: readonly [number, number][] | undefined): [number, number] | null {
  return (points ?? []).reduce<[number, number] | null>(
    (best, point) => (best === null || point[1] > best[1] ? point : best),
    null,
  );
}
