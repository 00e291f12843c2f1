import type { AuditEntry } from "../../api/types";
import { deeds, people as words } from "../../strings/people";
import { ROLES } from "./roles";

/** Where a deed notes whom or what it was done to; a renamed user stands under the former name. */
const NAMES = ["user", "name", "title", "project", "model", "file"] as const;

function text(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}

/** What was done, as a sentence without its subject: "gave ann the role Annotator". Unknown deeds keep their name. */
export function describe({ action, detail }: AuditEntry): string {
  const name = NAMES.map((key) => text(detail[key])).find((found) => found !== undefined) ?? "";
  const known = deeds[action];
  const said = known === undefined ? plain(action, name) : known.replace("{}", name);
  return [said.trim(), ...extras(action, detail)].join(" ");
}

/** "image.trash" as "image trash". */
function plain(action: string, name: string): string {
  return `${action.replaceAll(/[._]/g, " ")}${name === "" ? "" : ` ${name}`}`;
}

function extras(action: string, detail: AuditEntry["detail"]): string[] {
  if (action === "member.set") {
    const role = ROLES.find((one) => one === detail["role"]);
    return role === undefined ? [] : [words.roles[role].name];
  }
  if (action === "model.correct") return corrections(detail);
  return action === "user.update" ? changes(detail) : numbers(detail);
}

/** What was changed of a user. */
function changes(detail: AuditEntry["detail"]): string[] {
  const said: string[] = [];
  const name = text(detail["name"]);
  if (name !== undefined) said.push(words.renamedTo(name));
  for (const [key, yes, no] of CHANGES) {
    if (typeof detail[key] === "boolean") said.push(detail[key] ? yes : no);
  }
  return said.length === 0 ? [] : [`(${said.join(", ")})`];
}

/** What was changed of a model's card: each field with its old and new value. */
function corrections(detail: AuditEntry["detail"]): string[] {
  const said = Object.entries(detail)
    .filter(([key, value]) => key !== "name" && text(value) !== undefined)
    .map(([key, value]) => `${key.replaceAll(/[._]/g, " ")} ${String(value)}`);
  return said.length === 0 ? [] : [`(${said.join("; ")})`];
}

const CHANGES = [
  ["admin", words.changes.admin, words.changes.noAdmin],
  ["disabled", words.changes.disabled, words.changes.enabled],
  ["password", words.changes.password, words.changes.password],
] as const;

function numbers(detail: AuditEntry["detail"]): string[] {
  const count = detail["count"] ?? detail["images"];
  return typeof count === "number" ? [`(${count})`] : [];
}

export const whoOf = (entry: AuditEntry): string => (entry.user_name === "" ? words.nobody : entry.user_name);
