import type { Parameter } from "../../api/types";
import { training as words } from "../../strings/training";

/** What a field holds while it is edited: a number, a choice, or the empty string of a cleared field. */
export type Value = number | string | boolean;
export type Values = Readonly<Record<string, Value>>;

/** The parameters that everybody meets; the rest is behind "advanced". */
export const BASIC: readonly string[] = ["epochs", "image_size", "batch", "patience"];

export function defaultsOf(parameters: readonly Parameter[]): Values {
  return Object.fromEntries(parameters.map((parameter) => [parameter.name, parameter.default ?? ""]));
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
  return value === lower ? undefined : words.multiple(lower, lower + 32);
}

export function problemsOf(parameters: readonly Parameter[], values: Values): Record<string, string> {
  const problems: Record<string, string> = {};
  for (const parameter of parameters) {
    const problem = problemOf(parameter, values[parameter.name]);
    if (problem !== undefined) problems[parameter.name] = problem;
  }
  return problems;
}

/** Only what differs from the defaults is sent, so that the record of a training shows what was chosen. */
export function changedOf(parameters: readonly Parameter[], values: Values): Record<string, Value> {
  const changed: Record<string, Value> = {};
  for (const { name, default: standard } of parameters) {
    const value = values[name];
    if (value !== undefined && value !== (standard ?? "")) changed[name] = value;
  }
  return changed;
}

/** A readable name for any parameter, also for one that is newer than this page. */
export function labelOf(name: string): string {
  return words.names[name] ?? name.replaceAll("_", " ");
}
