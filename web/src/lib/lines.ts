/** Names pasted one per line: trimmed, without empty lines and repetitions, in their order. */
export function linesOf(text: string): string[] {
  const seen = new Set<string>();
  for (const line of text.split(/\r?\n/)) {
    const name = line.trim();
    if (name !== "") seen.add(name);
  }
  return [...seen];
}
