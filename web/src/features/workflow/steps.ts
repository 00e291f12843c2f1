import type { Role, WorkAction, WorkState } from "../../api/types";
import { allows } from "../people/roles";

interface Place {
  readonly state: WorkState;
  readonly assignee_id: string | null;
  /** Those who label it each for themselves. */
  readonly labelers?: readonly { readonly user_id: string; readonly submitted: boolean }[];
}

const JUDGING: readonly WorkAction[] = ["accept", "return"];

/**
 * What a person may do with an image now, the most likely step first; the server has the last word. Managers may do
 * more than is offered here, which is what helps.
 */
export function stepsOf(place: Place, me: string, role: Role | undefined): readonly WorkAction[] {
  const part = place.labelers?.find(({ user_id }) => user_id === me);
  if (part !== undefined) return [part.submitted ? "withdraw" : "submit"];
  return alone(place, me, role);
}

function alone({ state, assignee_id }: Place, me: string, role: Role | undefined): readonly WorkAction[] {
  const own = assignee_id === me && allows(role, "annotate");
  const judging = allows(role, own ? "manage" : "review") ? JUDGING : [];
  if (state === "accepted") return judging.slice(1);
  if (state === "submitted") return own ? [...judging, "withdraw"] : judging;
  const needed = own || assignee_id === null ? "annotate" : "manage";
  return allows(role, needed) ? ["submit"] : [];
}

/** The step that takes this one back. */
export const UNDO: Readonly<Partial<Record<WorkAction, WorkAction>>> = {
  submit: "withdraw",
  accept: "reopen",
  return: "reopen",
};
