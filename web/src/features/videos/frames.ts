/** The frames that a person has typed, as "0, 30, 100-105"; null where that makes no sense in a video of so many frames. */
export function framesOf(typed: string, count: number): number[] | null {
  const frames = new Set<number>();
  for (const part of typed.split(/[\s,;]+/).filter((one) => one !== "")) {
    const found = /^(\d+)(?:-(\d+))?$/.exec(part);
    if (!found) return null;
    const from = Number(found[1]);
    const to = found[2] === undefined ? from : Number(found[2]);
    if (to < from || to >= count) return null;
    for (let frame = from; frame <= to; frame++) frames.add(frame);
  }
  return frames.size === 0 ? null : [...frames].sort((a, b) => a - b);
}
