import { queryOptions, useQueries, useQuery } from "@tanstack/react-query";
import { createContext, useContext } from "react";
import { api, call } from "../../api/client";
import { notifyDone } from "../../components/notify";
import { plural } from "../../lib/format";
import { originals as words } from "../../strings/originals";
import { useStartJob } from "../jobs/useJobs";

/** Stale whenever the images are. */
export const originalsQuery = (projectId: string) =>
  queryOptions({
    queryKey: ["images", projectId, "originals"],
    queryFn: () =>
      call(api.GET("/api/v1/projects/{project_id}/originals", { params: { path: { project_id: projectId } } })),
  });

export type Addresses = ReadonlyMap<string, string>;
const NOWHERE: Addresses = new Map();
const AT_ONCE = 500;

/** Where images lie that are there by reference, by their id. */
const Away = createContext(NOWHERE);
export const AwayProvider = Away.Provider;
export const useAway = (imageId: string): string | undefined => useContext(Away).get(imageId);

/** Which of these images are there by reference; asked only in projects that have any. */
export function useAddresses(projectId: string, ids: readonly string[]): Addresses {
  const any = (useQuery(originalsQuery(projectId)).data?.images ?? 0) > 0;
  const parts = Array.from({ length: any ? Math.ceil(ids.length / AT_ONCE) : 0 }, (_, part) =>
    ids.slice(part * AT_ONCE, (part + 1) * AT_ONCE),
  );
  return useQueries({
    queries: parts.map((part) => ({
      queryKey: ["images", projectId, "originals", part],
      queryFn: () =>
        call(
          api.POST("/api/v1/projects/{project_id}/originals/find", {
            params: { path: { project_id: projectId } },
            body: { ids: [...part] },
          }),
        ),
    })),
    combine: gathered,
  });
}

function gathered(results: { data?: { image_id: string; address: string }[] | undefined }[]): Addresses {
  const found = results.flatMap(({ data = [] }) => data.map((one) => [one.image_id, one.address] as const));
  return found.length === 0 ? NOWHERE : new Map(found);
}

/** Copies images in as a job: those that are named, or all of the project. */
export function useCopyIn(projectId: string) {
  const start = useStartJob();
  const copy = (ids: readonly string[], total: number, onDone?: () => void) =>
    start.mutate(
      { kind: "copy_in", project_id: projectId, image_ids: [...ids] },
      {
        onSuccess: () => {
          notifyDone(words.started(plural(total, "image")));
          onDone?.();
        },
      },
    );
  return { copy, pending: start.isPending };
}
