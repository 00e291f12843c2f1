import { infiniteQueryOptions, queryOptions, type InfiniteData, type QueryClient } from "@tanstack/react-query";
import { api, call, type Schemas } from "../../api/client";
import type { LabelsView } from "./view";

export type Suspicion = Schemas["Suspicion"];
export type LabelCheck = Schemas["LabelCheck"];
export type Decision = Schemas["Said"]["decision"];
interface SuspicionPage {
  items: Suspicion[];
  next_cursor: string | null;
}

const PAGE = 60;

/** Stale whenever the images are: annotating one may settle what was suspected. */
export const labelCheckQuery = (projectId: string) =>
  queryOptions({
    queryKey: ["images", projectId, "labelCheck"],
    queryFn: () =>
      call(api.GET("/api/v1/projects/{project_id}/label-check", { params: { path: { project_id: projectId } } })),
  });

export type Many = Partial<Omit<Schemas["SaidOfMany"], "decision">> & Pick<Schemas["SaidOfMany"], "decision">;

/** Do one thing to many, or with `dry_run` count them. */
export const decideMany = (projectId: string, body: Many) =>
  call(
    api.POST("/api/v1/projects/{project_id}/suspicions/decide", {
      params: { path: { project_id: projectId } },
      body: { dry_run: false, ...body },
    }),
  );

export const reopenMany = (projectId: string, at: string) =>
  call(
    api.POST("/api/v1/projects/{project_id}/suspicions/reopen", {
      params: { path: { project_id: projectId } },
      body: { at },
    }),
  );

/** How many a decision would settle; stale whenever the images are. */
export const manyQuery = (projectId: string, body: Many, at: string) =>
  queryOptions({
    queryKey: ["images", projectId, "labelCheck", "many", body, at],
    queryFn: () => decideMany(projectId, { ...body, dry_run: true }),
    staleTime: 0,
  });

export const suspicionsKey = (projectId: string) => ["suspicions", projectId] as const;

/** Asked once for a view: what is decided leaves the list here, and nothing moves under one's hands. */
export const suspicionsQuery = (projectId: string, { kind, class: wanted, split, state }: LabelsView, at: string) =>
  infiniteQueryOptions({
    queryKey: [...suspicionsKey(projectId), { kind, wanted, split, state, at }],
    queryFn: async ({ pageParam }): Promise<SuspicionPage> => {
      const query = {
        limit: PAGE,
        ...(kind === undefined ? {} : { kind }),
        ...(wanted === undefined ? {} : { class_id: wanted }),
        ...(split === undefined ? {} : { split }),
        ...(state === undefined ? {} : { state }),
        ...(pageParam === null ? {} : { cursor: pageParam }),
      };
      const params = { path: { project_id: projectId }, query };
      const page = await call(api.GET("/api/v1/projects/{project_id}/suspicions", { params }));
      // The client widens fixed-length arrays; the schema is the truth.
      return { items: page.items as Suspicion[], next_cursor: page.next_cursor ?? null };
    },
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next_cursor,
    staleTime: Infinity,
    gcTime: 0,
  });

export const decide = (id: string, decision: Decision) =>
  call(
    api.POST("/api/v1/suspicions/{suspicion_id}/decision", {
      params: { path: { suspicion_id: id } },
      body: { decision },
    }),
  );

/** Take a suspicion out of every list that is here, or put it back where it was in them. */
export function takeOut(client: QueryClient, projectId: string, id: string): () => void {
  const lists = client.getQueriesData<InfiniteData<SuspicionPage>>({ queryKey: suspicionsKey(projectId) });
  for (const [key, data] of lists) {
    if (data === undefined) continue;
    const pages = data.pages.map((page) => ({ ...page, items: page.items.filter((one) => one.id !== id) }));
    client.setQueryData(key, { ...data, pages });
  }
  return () => {
    for (const [key, data] of lists) client.setQueryData(key, data);
  };
}

/** Put a suspicion that was taken back at the head of the lists. */
export function putBack(client: QueryClient, projectId: string, item: Suspicion): void {
  const lists = client.getQueriesData<InfiniteData<SuspicionPage>>({ queryKey: suspicionsKey(projectId) });
  for (const [key, data] of lists) {
    if (data === undefined || data.pages.some((page) => page.items.some(({ id }) => id === item.id))) continue;
    const [first, ...rest] = data.pages;
    if (first === undefined) continue;
    client.setQueryData(key, { ...data, pages: [{ ...first, items: placed(first.items, item) }, ...rest] });
  }
}

/** Sorted as the server sorts. */
function placed(items: readonly Suspicion[], item: Suspicion): Suspicion[] {
  const at = items.findIndex((one) => one.score < item.score || (one.score === item.score && one.id < item.id));
  return at < 0 ? [...items, item] : [...items.slice(0, at), item, ...items.slice(at)];
}
