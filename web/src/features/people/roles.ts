import type { Role } from "../../api/types";

/** What pages ask before they offer something; docs/accounts.md has the whole table. */
export type Deed = "annotate" | "predict" | "review" | "manage";

export const ROLES: readonly Role[] = ["viewer", "annotator", "reviewer", "manager"];

const NEEDED: Readonly<Record<Deed, Role>> = {
  annotate: "annotator",
  predict: "annotator",
  review: "reviewer",
  manage: "manager",
};

/** The least role that may do this. */
export const neededFor = (deed: Deed): Role => NEEDED[deed];

/** Whether a role suffices; while it is not known yet, nothing is offered. */
export function allows(role: Role | undefined, deed: Deed): boolean {
  return role !== undefined && ROLES.indexOf(role) >= ROLES.indexOf(NEEDED[deed]);
}
