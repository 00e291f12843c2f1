/** What a filter finds: one page leads to the next, and how many there are shows at the end. */
import { useInfiniteQuery } from "@tanstack/react-query";
import { useEffect, useMemo, useState } from "react";
import { api, call } from "../../api/client";
import { keys } from "../../api/keys";
import type { Image } from "../../api/types";
import { filterQuery, type ImageFilter } from "./filter";
import { listOf } from "./listing";
import { PAGE } from "./pages";
import { search, type SoFar } from "./searching";
import type { Library } from "./useLibrary";

/** How close to the end one looks when more is fetched. */
const NEAR = 60;
const NONE: readonly Image[] = [];

export function useFound(projectId: string, filter: ImageFilter, place: string, enabled: boolean): Library {
  const { list, found, images } = useSearch(projectId, filter, place, enabled);
  const { hasNextPage, isFetching, fetchNextPage, refetch } = list;
  const [seen, see] = useState({ place, to: 0 });
  const isNearEnd = seen.place === place && seen.to > images.length - NEAR;
  useEffect(() => {
    if (enabled && isNearEnd && hasNextPage && !isFetching) void fetchNextPage();
  }, [enabled, isNearEnd, hasNextPage, isFetching, fetchNextPage]);
  return {
    listing: {
      ...listOf(images, hasNextPage || list.isPending),
      see: (_from, to) => see((old) => (old.place === place && old.to === to ? old : { place, to })),
    },
    here: images,
    shows: images.length > 0 ? "images" : emptiness(list.status, found !== null),
    found: found === null ? null : images.length,
    error: list.error,
    retry: () => void refetch(),
  };
}

/** What to show where no image is here. */
function emptiness(status: "pending" | "error" | "success", isSearching: boolean): Library["shows"] {
  if (status === "success") return "none";
  return status === "error" ? "error" : isSearching ? "search" : "wait";
}

/** Page after page, and what a page that is being searched for has by now. */
function useSearch(projectId: string, filter: ImageFilter, place: string, enabled: boolean) {
  const [told, tell] = useState<{ place: string; soFar: SoFar }>();
  const list = useInfiniteQuery({
    queryKey: [...keys.images(projectId, filter), "found"],
    queryFn: ({ pageParam, signal }) => {
      const ask = (cursor: string | null) => {
        const query = { ...filterQuery(filter), partial: true, limit: PAGE, ...(cursor === null ? {} : { cursor }) };
        const params = { path: { project_id: projectId }, query };
        return call(api.GET("/api/v1/projects/{project_id}/images", { params, signal }));
      };
      return search(ask, pageParam, (soFar) => tell({ place, soFar }));
    },
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next_cursor ?? null,
    enabled,
  });
  const { data, isLoading, isFetchingNextPage } = list;
  const start = data?.pages.at(-1)?.next_cursor ?? null;
  const isTold = (isLoading || isFetchingNextPage) && told?.place === place && told.soFar.start === start;
  const found = isTold ? told.soFar.items : null;
  const images = useMemo(
    () => [...(data?.pages.flatMap((page) => page.items) ?? NONE), ...(found ?? NONE)],
    [data, found],
  );
  return { list, found, images };
}
