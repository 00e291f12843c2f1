/** A whole library or split: its length is known, and any page of it can be asked for. */
import { keepPreviousData, queryOptions, useQueries, useQuery, useQueryClient } from "@tanstack/react-query";
import type { QueryClient } from "@tanstack/react-query";
import { useCallback, useState } from "react";
import { api, call } from "../../api/client";
import { keys } from "../../api/keys";
import { countsQuery } from "../../api/queries";
import type { Image } from "../../api/types";
import { filterQuery, isNarrowed, type ImageFilter } from "./filter";
import type { Listing } from "./listing";
import { besides, lengthOf, PAGE, pagesOf, type ImagePage } from "./pages";
import type { Library } from "./useLibrary";
import { placed } from "./useRows";

/** As many images as are selected at once where they have to be fetched for that. */
const AT_ONCE = 10_000;

/** Whether a list has all images of a project or split: the server counts those, and finds any place among them. */
export const isWhole = (filter: ImageFilter): boolean =>
  !isNarrowed(filter) && filter.trash !== true && filter.order !== "least_sure";

const pagesKey = (projectId: string, filter: ImageFilter) => [...keys.images(projectId, filter), "page"] as const;

/** One page. Behind one that was just fetched a cursor leads on, which is quicker than to count from an end. */
function pageQuery(client: QueryClient, projectId: string, filter: ImageFilter, page: number) {
  const key = pagesKey(projectId, filter);
  return queryOptions({
    queryKey: [...key, page],
    queryFn: ({ signal }): Promise<ImagePage> => {
      const before = client.getQueryState<ImagePage>([...key, page - 1]);
      const cursor = before?.isInvalidated === false ? before.data?.next_cursor : undefined;
      const start = typeof cursor === "string" ? { cursor } : { offset: page * PAGE };
      const query = { ...filterQuery(filter), limit: PAGE, ...start };
      return call(
        api.GET("/api/v1/projects/{project_id}/images", {
          params: { path: { project_id: projectId }, query },
          signal,
        }),
      );
    },
  });
}

export function usePages(projectId: string, filter: ImageFilter, place: string, enabled: boolean): Library {
  const client = useQueryClient();
  const { first, last, isShown, see } = useSeen(place);
  const counted = useCounted(projectId, filter);
  const key = pagesKey(projectId, filter);
  const inView = pagesOf(first * PAGE, (last + 1) * PAGE);
  // Counts may come later than images.
  const goesOn = typeof client.getQueryData<ImagePage>([...key, last])?.next_cursor === "string";
  const wanted = enabled ? [...inView, ...besides(inView, goesOn ? Infinity : counted)] : [];
  // What is looked at comes first.
  const isHere = inView.every((page) => client.getQueryData([...key, page]) !== undefined);
  const results = useQueries({
    queries: wanted.map((page) => ({
      ...pageQuery(client, projectId, filter, page),
      enabled: isHere || inView.includes(page),
    })),
  });
  const pages = new Map<number, ImagePage>();
  results.forEach(({ data }, n) => {
    const page = wanted[n];
    if (data !== undefined && page !== undefined) pages.set(page, data);
  });
  const failed = results.find(({ isError, data }) => isError && data === undefined);
  const length = lengthOf(counted, pages);
  const listing = {
    length,
    more: false,
    at: (index: number) => pages.get(Math.floor(index / PAGE))?.items[index % PAGE],
    see,
    atOnce: AT_ONCE,
    ...ranges(client, projectId, filter),
  };
  return {
    listing,
    here: [...pages.keys()].sort((a, b) => a - b).flatMap((page) => [...(pages.get(page)?.items ?? [])]),
    // Whoever has begun to look goes on looking, also where the images are on their way.
    shows: shownOf(length, pages.size > 0 || isShown, failed !== undefined),
    found: null,
    error: failed?.error ?? null,
    retry: () => results.filter(({ isError }) => isError).forEach(({ refetch }) => void refetch()),
  };
}

/** The pages that are looked at; at first those where one was when the list was last seen. */
function useSeen(place: string) {
  const [seen, setSeen] = useState({ place, first: -1, last: -1 });
  const [begin] = pagesOf(placed(place), 0);
  const isShown = seen.place === place && seen.first >= 0;
  const { first, last } = isShown ? seen : { first: begin ?? 0, last: begin ?? 0 };
  const see = useCallback(
    (from: number, to: number) => {
      const looked = pagesOf(from, to);
      const next = { place, first: looked[0] ?? 0, last: looked.at(-1) ?? 0 };
      setSeen((old) => (old.place === place && old.first === next.first && old.last === next.last ? old : next));
    },
    [place],
  );
  return { first, last, isShown, see };
}

function shownOf(length: number, isHere: boolean, isError: boolean): Library["shows"] {
  if (isHere) return length > 0 ? "images" : "none";
  return isError ? "error" : "wait";
}

/** How many images there are by the counts that are kept; 0 while they are on their way. */
function useCounted(projectId: string, filter: ImageFilter): number {
  const { data } = useQuery({ ...countsQuery(projectId), placeholderData: keepPreviousData });
  const splits = data?.splits.filter(({ split }) => filter.split === undefined || split === filter.split);
  return splits?.reduce((sum, { images }) => sum + images, 0) ?? 0;
}

/** Where images are, and which ones lie between two places, also far from what is shown. */
function ranges(client: QueryClient, projectId: string, filter: ImageFilter): Pick<Listing, "ids" | "indexOf"> {
  const key = pagesKey(projectId, filter);
  const fetched = async (from: number, to: number): Promise<readonly string[]> => {
    const found: Image[] = [];
    const wanted = pagesOf(from, to + 1);
    for (const page of wanted)
      found.push(...(await client.query({ ...pageQuery(client, projectId, filter, page), staleTime: Infinity })).items);
    const start = (wanted[0] ?? 0) * PAGE;
    return found.slice(from - start, to + 1 - start).map(({ id }) => id);
  };
  const here = (from: number, to: number): string[] | undefined => {
    const ids: string[] = [];
    for (let index = from; index <= to; index++) {
      const image = client.getQueryData<ImagePage>([...key, Math.floor(index / PAGE)])?.items[index % PAGE];
      if (image === undefined) return undefined;
      ids.push(image.id);
    }
    return ids;
  };
  return {
    ids: (from, to) => here(from, to) ?? fetched(from, to),
    indexOf: (id) => {
      for (const [found, data] of client.getQueriesData<ImagePage>({ queryKey: key })) {
        const index = data?.items.findIndex((image) => image.id === id) ?? -1;
        if (index >= 0) return Number(found.at(-1)) * PAGE + index;
      }
      return -1;
    },
  };
}
