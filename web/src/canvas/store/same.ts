const fieldOf = (value: object, key: string): unknown => (value as Record<string, unknown>)[key];

/** Whether two JSON values are equal. */
export function same(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true;
  if (typeof a !== "object" || typeof b !== "object" || !a || !b) return false;
  if (Array.isArray(a) && Array.isArray(b))
    // The runs of a mask are many: no list of pairs is made of them.
    return a.length === b.length && a.every((value, i) => same(value, b[i]));
  const keys = Object.keys(a);
  return keys.length === Object.keys(b).length && keys.every((key) => same(fieldOf(a, key), fieldOf(b, key)));
}
