import type { Table } from "./save";

/** A curve: points by rising x. */
export interface Series {
  name: string;
  points: readonly (readonly [x: number, y: number])[];
  /** Whether each point is marked. */
  marks?: boolean;
}

/** Curves side by side: one row per x, an empty cell where a curve has no value there. */
export function seriesTable(xName: string, series: readonly Series[]): Table {
  const columns = series.map((one) => new Map(one.points));
  const xs = [...new Set(columns.flatMap((column) => [...column.keys()]))].sort((a, b) => a - b);
  const head = [xName, ...series.map((one) => one.name)];
  return [head, ...xs.map((x) => [x, ...columns.map((column) => column.get(x) ?? null)])];
}

/** A number short enough for a tooltip: four significant digits. */
export function short(value: number): string {
  return value === 0 ? "0" : String(Number(value.toPrecision(4)));
}
