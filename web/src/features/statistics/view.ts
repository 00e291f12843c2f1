/** What the page of figures shows; kept in the address. */
export interface StatisticsView {
  /** Sizes and shapes of this class alone. */
  class?: string;
  /** Classes with fewer objects are marked. */
  minimum?: number;
  as?: "shares";
}

export const MINIMUM = 50;

export function parseStatisticsView(search: Record<string, unknown>): StatisticsView {
  const { class: chosen, minimum, as } = search;
  const least = typeof minimum === "number" && minimum >= 0 && minimum <= 1e9 ? Math.round(minimum) : MINIMUM;
  return {
    ...(typeof chosen === "string" && chosen !== "" ? { class: chosen } : {}),
    ...(least === MINIMUM ? {} : { minimum: least }),
    ...(as === "shares" ? { as } : {}),
  };
}
