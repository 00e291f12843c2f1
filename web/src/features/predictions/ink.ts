/** Black or white, whichever can be read on a colour. */
export function inkOn(color: string): string {
  const value = Number.parseInt(color.slice(1), 16);
  const light = ((value >> 16) & 255) * 0.299 + ((value >> 8) & 255) * 0.587 + (value & 255) * 0.114;
  return light > 140 ? "#111" : "#fff";
}
