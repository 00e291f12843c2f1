/** How a person likes to look at pictures and shapes. Nothing of it touches what is stored. */

/** What is done to the colours on the screen: brightness, contrast and saturation in per cent, 100 leaves them alone. */
export interface Tones {
  readonly brightness: number;
  readonly contrast: number;
  readonly saturation: number;
  /** Above 1 dark parts become lighter. */
  readonly gamma: number;
}

/** Which shapes have their class written beside them; `auto`: all of them as long as they are few. */
export const LABELS = ["never", "selected", "auto", "always"] as const;
/** Lines through the pointer across the picture; `boxes`: while boxes are drawn. */
export const CROSSHAIRS = ["never", "boxes", "always"] as const;

export type Labels = (typeof LABELS)[number];
export type Crosshair = (typeof CROSSHAIRS)[number];

export interface Looks extends Tones {
  /** Lines between the pixels, where they are large enough. */
  readonly grid: boolean;
  /** The whole picture in a corner, while some of it is out of view. */
  readonly navigator: boolean;
  readonly crosshair: Crosshair;
  readonly labels: Labels;
  /** How much the inside of a shape is covered, and a mask, in per cent. */
  readonly fill: number;
  readonly mask: number;
  /** CSS pixels of an outline. */
  readonly line: number;
}

/** The looks that are numbers: the least, the most, and by how much a key changes them. */
export const RANGES = {
  brightness: { min: 0, max: 300, step: 5 },
  contrast: { min: 0, max: 300, step: 5 },
  saturation: { min: 0, max: 300, step: 5 },
  gamma: { min: 0.2, max: 4, step: 0.05 },
  fill: { min: 0, max: 100, step: 5 },
  mask: { min: 5, max: 100, step: 5 },
  line: { min: 0.5, max: 6, step: 0.5 },
} as const;

export type Level = keyof typeof RANGES;

export const PLAIN: Looks = {
  brightness: 100, contrast: 100, saturation: 100, gamma: 1,
  grid: false, navigator: true, crosshair: "boxes", labels: "auto", fill: 10, mask: 45, line: 2,
}; // prettier-ignore

const isLevel = (name: string): name is Level => name in RANGES;

/** The value that a look may have: numbers within their range; undefined for what means nothing. */
function valid(name: keyof Looks, value: unknown): Looks[keyof Looks] | undefined {
  if (isLevel(name)) {
    const { min, max } = RANGES[name];
    return typeof value === "number" && Number.isFinite(value) ? Math.min(Math.max(value, min), max) : undefined;
  }
  if (name === "grid" || name === "navigator") return typeof value === "boolean" ? value : undefined;
  const choices: readonly string[] = name === "labels" ? LABELS : CROSSHAIRS;
  return choices.includes(value as string) ? (value as Labels | Crosshair) : undefined;
}

/** `looks` with what of `patch` makes sense. */
export function withLooks(looks: Looks, patch: Readonly<Record<string, unknown>>): Looks {
  const names = Object.keys(PLAIN) as (keyof Looks)[];
  const taken = names.flatMap((name) => {
    const value = name in patch ? valid(name, patch[name]) : undefined;
    return value === undefined ? [] : [[name, value]];
  });
  return { ...looks, ...(Object.fromEntries(taken) as Partial<Looks>) };
}

export const isPlain = (looks: Looks): boolean =>
  (Object.keys(PLAIN) as (keyof Looks)[]).every((name) => looks[name] === PLAIN[name]);

/** The choice after `current`, around the end. */
export const nextOf = <T extends string>(choices: readonly T[], current: T): T =>
  choices[(choices.indexOf(current) + 1) % choices.length] ?? current;
