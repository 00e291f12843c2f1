import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { api, call, type Schemas } from "../../api/client";
import type { Flaw } from "./view";

export type Checkup = Schemas["Checkup"];
export type DuplicateGroup = Schemas["DuplicateGroup"];
const GROUPS = 30;
const IMAGES = 120;

/** Stale whenever the images are: deleting one changes what is found. */
export const checkupQuery = (projectId: string) =>
  queryOptions({
    queryKey: ["images", projectId, "checkup"],
    queryFn: () =>
      call(api.GET("/api/v1/projects/{project_id}/checkup", { params: { path: { project_id: projectId } } })),
  });

export const duplicatesQuery = (projectId: string) =>
  infiniteQueryOptions({
    queryKey: ["images", projectId, "duplicates"],
    queryFn: ({ pageParam }) =>
      call(
        api.GET("/api/v1/projects/{project_id}/duplicates", {
          params: {
            path: { project_id: projectId },
            query: { limit: GROUPS, ...(pageParam === null ? {} : { cursor: pageParam }) },
          },
        }),
      ),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next_cursor ?? null,
  });

export const flawsQuery = (projectId: string, flaw: Flaw, limit: number | undefined) =>
  infiniteQueryOptions({
    queryKey: ["images", projectId, "flaws", flaw, limit ?? null],
    queryFn: ({ pageParam }) =>
      call(
        api.GET("/api/v1/projects/{project_id}/flaws", {
          params: {
            path: { project_id: projectId },
            query: {
              flaw,
              limit: IMAGES,
              ...(limit === undefined ? {} : { value: limit }),
              ...(pageParam === null ? {} : { cursor: pageParam }),
            },
          },
        }),
      ),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next_cursor ?? null,
  });
