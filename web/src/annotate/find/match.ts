/** Finds names as one types: names that begin so come first, then words, then parts, then letters in this order. */

const folded = (text: string): string =>
  text
    .normalize("NFKD")
    .replace(/\p{Mark}/gu, "")
    .toLowerCase();

/** How well a name fits, 0 best; null where it does not. */
export function rankOf(name: string, wanted: string): number | null {
  const [text, word] = [folded(name), folded(wanted.trim())];
  if (text.startsWith(word)) return 0;
  const place = text.indexOf(word);
  if (place > 0) return /[\p{L}\p{N}]/u.test(text.charAt(place - 1)) ? 2 : 1;
  return isSubsequence(word, text) ? 3 : null;
}

function isSubsequence(word: string, text: string): boolean {
  let from = 0;
  for (const letter of word) {
    const place = text.indexOf(letter, from);
    if (place < 0) return false;
    from = place + letter.length;
  }
  return true;
}

/** Those that fit, the best first; equal ones stay in their order. */
export function found<T>(items: readonly T[], wanted: string, nameOf: (item: T) => string): T[] {
  if (wanted.trim() === "") return [...items];
  return items
    .map((item) => ({ item, rank: rankOf(nameOf(item), wanted) }))
    .filter((one): one is { item: T; rank: number } => one.rank !== null)
    .sort((a, b) => a.rank - b.rank)
    .map(({ item }) => item);
}
