import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { api, call, type Schemas } from "../../api/client";
import type { Image } from "../../api/types";

export type ImageMap = Schemas["ImageMap"];
export type SimilarImage = Schemas["SimilarImage"];

const PAGE = 120;
const LIKES = 100;

/** Stale whenever the images are: new ones wait to be looked at. */
export const imageMapQuery = (projectId: string) =>
  queryOptions({
    queryKey: ["images", projectId, "map"],
    queryFn: () => call(api.GET("/api/v1/projects/{project_id}/map", { params: { path: { project_id: projectId } } })),
  });

/** Stale whenever the images are: their splits, states and classes are its colours. */
export const mapPointsQuery = (projectId: string, madeAt: string) =>
  queryOptions({
    queryKey: ["images", projectId, "points", madeAt],
    queryFn: () =>
      call(api.GET("/api/v1/projects/{project_id}/map/points", { params: { path: { project_id: projectId } } })),
  });

export const similarQuery = (imageId: string, projectId: string) =>
  queryOptions({
    queryKey: ["images", projectId, "similar", imageId],
    queryFn: () =>
      call(
        api.GET("/api/v1/images/{image_id}/similar-images", {
          params: { path: { image_id: imageId }, query: { limit: LIKES } },
        }),
      ),
  });

/** Images of the project that look like a picture from elsewhere. */
export const likePictureQuery = (projectId: string, picture: File | undefined) =>
  queryOptions({
    queryKey: ["images", projectId, "likePicture", picture?.name, picture?.size, picture?.lastModified],
    enabled: picture !== undefined,
    queryFn: () =>
      call(
        api.POST("/api/v1/projects/{project_id}/similar-images", {
          params: { path: { project_id: projectId }, query: { limit: LIKES } },
          // The client types bytes as text.
          body: picture as unknown as string,
          bodySerializer: (body) => body,
          headers: { "content-type": "application/octet-stream" },
        }),
      ),
    retry: false,
  });

/** The images that were picked on the map, as many as are looked at; `stamp` tells one pick from another. */
export const pickedQuery = (projectId: string, ids: readonly string[], stamp: number) =>
  infiniteQueryOptions({
    queryKey: ["images", projectId, "picked", stamp],
    queryFn: ({ pageParam }): Promise<Image[]> =>
      call(
        api.POST("/api/v1/projects/{project_id}/map/images", {
          params: { path: { project_id: projectId } },
          body: { ids: ids.slice(pageParam, pageParam + PAGE) },
        }),
      ),
    initialPageParam: 0,
    getNextPageParam: (_page, _pages, last) => (last + PAGE < ids.length ? last + PAGE : null),
    gcTime: 0,
  });
