import type { AugmentationPreset, Parameter } from "../../api/types";
import { training as words } from "../../strings/training";

/** What a field holds while it is edited: a number, a choice, or the empty string of a cleared field. */
export type Value = number | string | boolean;
export type Values = Readonly<Record<string, Value>>;

/** The parameters that everybody meets; the rest is behind "advanced". */
export const BASIC: readonly string[] = ["epochs", "image_size", "batch", "patience", "augment"];
export const GROUPS: readonly string[] = ["learning", "augmentation", "machine"];

/** The values of a fresh form; an augmentation preset sets those of its group. */
export function defaultsOf(parameters: readonly Parameter[], preset?: AugmentationPreset): Values {
  const standard = Object.fromEntries(parameters.map((parameter) => [parameter.name, parameter.default ?? ""]));
  return preset === undefined ? standard : { ...standard, ...preset.values, augment: preset.name };
}

/** What a form holds after another preset was chosen: that group anew, the others as they were. */
export function withPreset(parameters: readonly Parameter[], values: Values, preset: AugmentationPreset): Values {
  const fresh = defaultsOf(parameters, preset);
  const own = parameters
    .filter(({ group }) => group === "augmentation")
    .map(({ name }) => [name, fresh[name] ?? ""] as const);
  return { ...values, ...(Object.fromEntries(own) as Values) };
}

/** What is wrong with a value, in words; undefined when nothing is. */
export function problemOf(parameter: Parameter, value: Value | undefined): string | undefined {
  if (parameter.choices !== null || typeof parameter.default === "boolean") return undefined;
  if (typeof value !== "number" || !Number.isFinite(value)) return words.notNumber;
  if (parameter.kind === "int" && !Number.isInteger(value)) return words.notWhole;
  return rangeProblem(parameter, value) ?? (parameter.name === "image_size" ? stepProblem(value) : undefined);
}

function rangeProblem({ minimum, maximum }: Parameter, value: number): string | undefined {
  const low = minimum ?? -Infinity;
  const high = maximum ?? Infinity;
  return value < low || value > high ? words.range(String(low), String(high)) : undefined;
}

/** The network halves its input five times. */
function stepProblem(value: number): string | undefined {
  const lower = Math.floor(value / 32) * 32;
  return value === lower && (value === 0 || value >= 64)
    ? undefined
    : words.multiple(Math.max(64, lower), Math.max(64, lower) + 32);
}

export function problemsOf(parameters: readonly Parameter[], values: Values): Record<string, string> {
  const problems: Record<string, string> = {};
  for (const parameter of parameters) {
    const problem = problemOf(parameter, values[parameter.name]);
    if (problem !== undefined) problems[parameter.name] = problem;
  }
  return problems;
}

/** Only what differs from the defaults, or from those of the preset, is sent; and the preset, where it is another one. */
export function changedOf(
  parameters: readonly Parameter[],
  values: Values,
  preset?: AugmentationPreset,
): Record<string, Value> {
  const changed: Record<string, Value> = {};
  const standard = defaultsOf(parameters, preset);
  for (const { name, default: own } of parameters) {
    const value = values[name];
    const usual = name === "augment" ? (own ?? "") : standard[name];
    if (value !== undefined && value !== usual) changed[name] = value;
  }
  return changed;
}

/** A readable name for any parameter, also for one that is newer than this page. */
export function labelOf(name: string): string {
  return words.names[name] ?? name.replaceAll("_", " ");
}
