/** The pixels set in one column of a mask: ascending pairs `from, to` (half-open) that neither overlap nor touch. */
import { at } from "../at";

export type Spans = readonly number[];

export const NONE: Spans = [];

/** `spans` and the rows from `from` to `to`. */
export function withSpan(spans: Spans, from: number, to: number): Spans {
  if (to <= from) return spans;
  const result: number[] = [];
  let [low, high] = [from, to];
  let placed = false;
  for (let i = 0; i < spans.length; i += 2) {
    const [start, end] = [at(spans, i), at(spans, i + 1)];
    if (end < low) result.push(start, end);
    else if (start > high) {
      if (!placed) result.push(low, high);
      placed = true;
      result.push(start, end);
    } else {
      low = Math.min(low, start);
      high = Math.max(high, end);
    }
  }
  if (!placed) result.push(low, high);
  return result;
}

/** `spans` without the rows from `from` to `to`. */
export function withoutSpan(spans: Spans, from: number, to: number): Spans {
  if (to <= from) return spans;
  const result: number[] = [];
  for (let i = 0; i < spans.length; i += 2) {
    const [start, end] = [at(spans, i), at(spans, i + 1)];
    if (end <= from || start >= to) {
      result.push(start, end);
      continue;
    }
    if (start < from) result.push(start, from);
    if (end > to) result.push(to, end);
  }
  return result;
}

export function union(a: Spans, b: Spans): Spans {
  let result = a;
  for (let i = 0; i < b.length; i += 2) result = withSpan(result, at(b, i), at(b, i + 1));
  return result;
}

/** What is in `a` and not in `b`. */
export function minus(a: Spans, b: Spans): Spans {
  let result = a;
  for (let i = 0; i < b.length && result.length > 0; i += 2) result = withoutSpan(result, at(b, i), at(b, i + 1));
  return result;
}

/** The rows between 0 and `height` that are not set. */
export function inverted(spans: Spans, height: number): Spans {
  const edges = [0, ...spans, height];
  const result: number[] = [];
  for (let i = 0; i < edges.length; i += 2) {
    if (at(edges, i + 1) > at(edges, i)) result.push(at(edges, i), at(edges, i + 1));
  }
  return result;
}
