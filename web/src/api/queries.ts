import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { api, call } from "./client";
import { keys } from "./keys";
import type { Job, Model } from "./types";

/** Reads that more than one page needs. Each is a description: `useQuery(projectQuery(id))`. */

export const systemQuery = queryOptions({
  queryKey: keys.system,
  queryFn: () => call(api.GET("/api/v1/system")),
});

/** The networks that can be trained. */
export const architecturesQuery = queryOptions({
  queryKey: ["architectures"],
  queryFn: () => call(api.GET("/api/v1/architectures")),
});

/** The pretrained weights that are here. */
export const startingWeightsQuery = queryOptions({
  queryKey: ["startingWeights"],
  queryFn: () => call(api.GET("/api/v1/starting-weights")),
});

/** How one can sign in here; asked without being signed in. */
export const signInQuery = queryOptions({
  queryKey: keys.signIn,
  queryFn: () => call(api.GET("/api/v1/sign-in")),
});

export const projectsQuery = (query: string, trash: boolean) =>
  infiniteQueryOptions({
    queryKey: keys.projects(query, trash),
    queryFn: ({ pageParam }) =>
      call(
        api.GET("/api/v1/projects", {
          params: { query: { query, trash, limit: 60, ...(pageParam === null ? {} : { cursor: pageParam }) } },
        }),
      ),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next_cursor ?? null,
  });

export const projectQuery = (projectId: string) =>
  queryOptions({
    queryKey: keys.project(projectId),
    queryFn: () => call(api.GET("/api/v1/projects/{project_id}", { params: { path: { project_id: projectId } } })),
  });

export const countsQuery = (projectId: string) =>
  queryOptions({
    queryKey: keys.counts(projectId),
    queryFn: () =>
      call(api.GET("/api/v1/projects/{project_id}/counts", { params: { path: { project_id: projectId } } })),
  });

export const classesQuery = (projectId: string) =>
  queryOptions({
    queryKey: keys.classes(projectId),
    queryFn: () =>
      call(api.GET("/api/v1/projects/{project_id}/classes", { params: { path: { project_id: projectId } } })),
  });

export const imageQuery = (imageId: string) =>
  queryOptions({
    queryKey: keys.image(imageId),
    queryFn: () => call(api.GET("/api/v1/images/{image_id}", { params: { path: { image_id: imageId } } })),
  });

export const jobsQuery = (projectId: string, kind = "") =>
  queryOptions({
    queryKey: keys.jobs(projectId, kind),
    queryFn: async (): Promise<readonly Job[]> => {
      const query = { limit: 50, ...(kind === "" ? {} : { kind }) };
      const page = await call(
        api.GET("/api/v1/projects/{project_id}/jobs", { params: { path: { project_id: projectId }, query } }),
      );
      return page.items;
    },
  });

export const jobQuery = (jobId: string) =>
  queryOptions({
    queryKey: keys.job(jobId),
    queryFn: () => call(api.GET("/api/v1/jobs/{job_id}", { params: { path: { job_id: jobId } } })),
  });

const modelsOf = async (projectId: string, assist: boolean): Promise<readonly Model[]> => {
  const params = { path: { project_id: projectId }, query: { limit: 500, assist } };
  const page = await call(api.GET("/api/v1/projects/{project_id}/models", { params }));
  // The client widens fixed-length arrays; the schema is the truth.
  return page.items as Model[];
};

/** The models that find objects: what predicts, is evaluated and trained further. */
export const modelsQuery = (projectId: string) =>
  queryOptions({ queryKey: keys.models(projectId), queryFn: () => modelsOf(projectId, false) });

/** All models, also those that outline what is clicked on. */
export const libraryQuery = (projectId: string) =>
  queryOptions({ queryKey: keys.library(projectId), queryFn: () => modelsOf(projectId, true) });

export const modelQuery = (modelId: string) =>
  queryOptions({
    queryKey: keys.model(modelId),
    queryFn: async () =>
      (await call(api.GET("/api/v1/models/{model_id}", { params: { path: { model_id: modelId } } }))) as Model,
  });

export const versionsQuery = (projectId: string) =>
  queryOptions({
    queryKey: keys.versions(projectId),
    queryFn: async () => {
      const path = { project_id: projectId };
      const page = await call(
        api.GET("/api/v1/projects/{project_id}/versions", { params: { path, query: { limit: 500 } } }),
      );
      return page.items;
    },
  });

export const videosQuery = (projectId: string, trash: boolean) =>
  infiniteQueryOptions({
    queryKey: keys.videos(projectId, trash),
    queryFn: ({ pageParam }) => {
      const query = { trash, limit: 60, ...(pageParam === null ? {} : { cursor: pageParam }) };
      return call(
        api.GET("/api/v1/projects/{project_id}/videos", { params: { path: { project_id: projectId }, query } }),
      );
    },
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next_cursor ?? null,
  });

/** Addresses of pictures, for `<img src>` and downloads. */
export const urls = {
  thumbnail: (imageId: string, size: 160 | 320 | 640 = 320) => `/api/v1/images/${imageId}/thumbnail?size=${size}`,
  view: (imageId: string) => `/api/v1/images/${imageId}/view`,
  file: (imageId: string) => `/api/v1/images/${imageId}/file`,
  jobFile: (jobId: string, name: string) => `/api/v1/jobs/${jobId}/files/${encodeURIComponent(name)}`,
  frame: (videoId: string, frame: number, width: number) => `/api/v1/videos/${videoId}/frames/${frame}?width=${width}`,
  tracks: (videoId: string, format: string, pictures: boolean) =>
    `/api/v1/videos/${videoId}/export?format=${format}&pictures=${String(pictures)}`,
  backup: "/api/v1/backup",
  model: (modelId: string) => `/api/v1/models/${modelId}/download`,
  runThumbnail: (runImageId: string) => `/api/v1/run-images/${runImageId}/thumbnail`,
  runView: (runImageId: string) => `/api/v1/run-images/${runImageId}/view`,
  /** With the operating score of each class where no least score is given. */
  runResults: (runId: string, format: string, minScore: number | null) =>
    `/api/v1/runs/${runId}/results?format=${format}&${minScore === null ? "operating=true" : `min_score=${minScore}`}`,
} as const;
