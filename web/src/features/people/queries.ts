import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { api, call } from "../../api/client";
import { keys } from "../../api/keys";
import type { User } from "../../api/types";

const AUDIT_PAGE = 100;
const USER_PAGE = 500;

/** All users of the installation by name; there are few enough to read them all. */
export const usersQuery = queryOptions({
  queryKey: keys.users,
  queryFn: async (): Promise<readonly User[]> => {
    const users: User[] = [];
    let cursor: string | null = null;
    do {
      const query = { limit: USER_PAGE, ...(cursor === null ? {} : { cursor }) };
      const page: { items: readonly User[]; next_cursor?: string | null } = await call(
        api.GET("/api/v1/users", { params: { query } }),
      );
      users.push(...page.items);
      cursor = page.next_cursor ?? null;
    } while (cursor !== null);
    return users;
  },
});

export const membersQuery = (projectId: string) =>
  queryOptions({
    queryKey: keys.members(projectId),
    queryFn: () =>
      call(api.GET("/api/v1/projects/{project_id}/members", { params: { path: { project_id: projectId } } })),
  });

/** The audit log, newest first: of one project, or of everything. */
export const auditQuery = (projectId: string | undefined) =>
  infiniteQueryOptions({
    queryKey: keys.audit(projectId),
    staleTime: 0,
    queryFn: ({ pageParam }) => {
      const query = { limit: AUDIT_PAGE, ...(pageParam === null ? {} : { cursor: pageParam }) };
      return call(
        projectId === undefined
          ? api.GET("/api/v1/audit", { params: { query } })
          : api.GET("/api/v1/projects/{project_id}/audit", { params: { path: { project_id: projectId }, query } }),
      );
    },
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next_cursor ?? null,
  });
