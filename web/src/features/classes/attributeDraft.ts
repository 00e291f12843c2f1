/** Attributes as they are written: in fields, or one per line. What the lines mean is also in `domain/attributes.py`. */
import type { AttributeDefinition } from "../../api/types";
import { attributes as words } from "../../strings/attributes";

export type Kind = AttributeDefinition["kind"];

/** An attribute as its fields have it. */
export interface Draft {
  readonly name: string;
  readonly kind: Kind;
  readonly choices: string;
  readonly minimum: string;
  readonly maximum: string;
  readonly step: string;
  readonly default: string;
}

export type Read = { readonly definition: AttributeDefinition } | { readonly problem: string };

const { problems } = words;
const EMPTY: Draft = { name: "", kind: "text", choices: "", minimum: "", maximum: "", step: "", default: "" };
const YES: Readonly<Record<string, boolean>> = { yes: true, true: true, no: false, false: false };

const written = (value: number | null | undefined): string =>
  value === null || value === undefined ? "" : String(value);

export function draftOf(definition: AttributeDefinition): Draft {
  const { default: value } = definition;
  const word = typeof value === "boolean" ? (value ? "yes" : "no") : value;
  return {
    name: definition.name,
    kind: definition.kind,
    choices: definition.choices.join(", "),
    minimum: written(definition.minimum),
    maximum: written(definition.maximum),
    step: written(definition.step),
    default: word === null || word === undefined ? "" : String(word),
  };
}

/** `note`, `occluded: checkbox = no`, `age: number 0 to 120 step 1 = 5`, `colour: red, green = red`. */
export function draftOfLine(line: string): Draft {
  const [name = "", ...after] = line.split(":");
  const [kind = "", ...rest] = after.join(":").split("=");
  const draft = { ...EMPTY, name: name.trim(), default: rest.join("=").trim() };
  const written = kind.trim();
  if (written === "" || /^text$/i.test(written)) return draft;
  if (/^checkbox$/i.test(written)) return { ...draft, kind: "checkbox" };
  const found = /^number(?:\s+(\S*?)\s*\bto\b\s*(?!step\b)(\S*))?(?:\s*\bstep\s+(\S+))?$/i.exec(written);
  if (!found) return { ...draft, kind: "select", choices: written };
  return { ...draft, kind: "number", minimum: found[1] ?? "", maximum: found[2] ?? "", step: found[3] ?? "" };
}

const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;

class Problem extends Error {}

function numberOf(name: string, word: string): number | null {
  const text = word.trim();
  if (text === "") return null;
  if (!NUMBER.test(text)) throw new Problem(problems.number(name, text));
  return Number(text);
}

export const choicesOf = (text: string): string[] => [
  ...new Set(
    text
      .split(",")
      .map((part) => part.trim())
      .filter((part) => part !== ""),
  ),
];

/** What the fields say, or what is wrong with them. */
export function readDraft(draft: Draft): Read {
  try {
    return { definition: definitionOf(draft) };
  } catch (error) {
    if (error instanceof Problem) return { problem: error.message };
    throw error;
  }
}

function definitionOf(draft: Draft): AttributeDefinition {
  const name = draft.name.trim();
  if (name === "") throw new Problem(problems.name);
  const bare = { name, kind: draft.kind, choices: [], minimum: null, maximum: null, step: null, default: null };
  const word = draft.default.trim();
  switch (draft.kind) {
    case "text":
      return { ...bare, default: word === "" ? null : word };
    case "checkbox":
      return { ...bare, default: yesOf(name, word) };
    case "select":
      return { ...bare, ...selectOf(name, choicesOf(draft.choices), word) };
    case "number":
      return { ...bare, ...rangeOf(name, draft, word) };
  }
}

function yesOf(name: string, word: string): boolean | null {
  if (word === "") return null;
  const value = YES[word.toLowerCase()];
  if (value === undefined) throw new Problem(problems.default(name, problems.yesOrNo));
  return value;
}

function selectOf(name: string, choices: string[], word: string) {
  if (choices.length === 0) throw new Problem(problems.choices(name));
  if (word !== "" && !choices.includes(word))
    throw new Problem(problems.default(name, problems.oneOf(choices.join(", "))));
  return { choices, default: word === "" ? null : word };
}

function rangeOf(name: string, draft: Draft, word: string) {
  const [minimum, maximum, step] = [draft.minimum, draft.maximum, draft.step].map((one) => numberOf(name, one)) as [
    number | null,
    number | null,
    number | null,
  ];
  const value = numberOf(name, word);
  if ((minimum ?? -Infinity) > (maximum ?? Infinity)) throw new Problem(problems.bounds(name));
  if ((step ?? 1) <= 0) throw new Problem(problems.step(name));
  const wrong = outside(value, minimum, maximum);
  if (wrong !== null) throw new Problem(problems.default(name, wrong));
  return { minimum, maximum, step, default: value };
}

function outside(value: number | null, minimum: number | null, maximum: number | null): string | null {
  if (value === null) return null;
  if (minimum !== null && value < minimum) return problems.least(minimum);
  return maximum !== null && value > maximum ? problems.greatest(maximum) : null;
}

/** The attributes that lines describe, after those that are there; or the first thing that is wrong. */
export function withLines(
  present: readonly AttributeDefinition[],
  lines: readonly string[],
): { readonly definitions: readonly AttributeDefinition[] } | { readonly problem: string } {
  const definitions = [...present];
  for (const line of lines) {
    const read = readDraft(draftOfLine(line));
    if ("problem" in read) return read;
    const { name } = read.definition;
    if (definitions.some((one) => one.name === name)) return { problem: problems.twice(name) };
    definitions.push(read.definition);
  }
  return { definitions };
}
