/** Reads an element whose index is known to be in range. */
export function at<T>(list: ArrayLike<T>, index: number): T {
  return list[index] as T;
}

/** The element after `index` in a closed ring. */
export const next = <T>(ring: ArrayLike<T>, index: number): T => at(ring, (index + 1) % ring.length);
