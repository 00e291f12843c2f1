import { queryOptions, useQuery } from "@tanstack/react-query";
import { api, call } from "../../api/client";
import { keys } from "../../api/keys";
import type { Job, Role } from "../../api/types";
import { useSession } from "../../app/session";
import { people as words } from "../../strings/people";
import { allows, neededFor, type Deed } from "./roles";

export const roleQuery = (projectId: string) =>
  queryOptions({
    queryKey: keys.role(projectId),
    queryFn: () => call(api.GET("/api/v1/projects/{project_id}/role", { params: { path: { project_id: projectId } } })),
  });

/** What the person may do in a project; undefined while it is not known. Administrators need not be asked about. */
export function useRole(projectId: string | null): Role | undefined {
  const admin = useSession().data?.admin === true;
  const asked = useQuery({ ...roleQuery(projectId ?? ""), enabled: !admin && projectId !== null }).data?.role;
  return admin ? "manager" : asked;
}

export interface May {
  (deed: Deed): boolean;
  /** Why not, for a hint; undefined where it is allowed or not known yet. */
  readonly why: (deed: Deed) => string | undefined;
  /** Whether a job may be stopped and resumed: by whoever started it, and by managers. */
  readonly steer: (job: Job) => boolean;
}

/** `may("manage")` tells whether to offer something in a project. */
export function useMay(projectId: string | null): May {
  const role = useRole(projectId);
  const me = useSession().data?.id;
  const may = (deed: Deed): boolean => allows(role, deed);
  const why = (deed: Deed) =>
    role === undefined || may(deed) ? undefined : words.needs(words.roles[neededFor(deed)].name);
  const steer = (job: Job): boolean => may("manage") || (me !== undefined && job.created_by === me);
  return Object.assign(may, { why, steer });
}
