import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { api, call } from "../../api/client";
import { keys } from "../../api/keys";
import type { AgreementReport, Annotation } from "../../api/types";
import { notifyDone } from "../../components/notify";
import { agreement as words } from "../../strings/agreement";
import { filterBody } from "../images/filter";
import type { Assigning } from "./useWork";

/** How far people agree who labelled the same images. */
export const agreementQuery = (projectId: string) =>
  queryOptions({
    queryKey: [...keys.queue(projectId), "agreement"],
    queryFn: async () => {
      const params = { path: { project_id: projectId } };
      // The client widens fixed-length arrays; the schema is the truth.
      return (await call(api.GET("/api/v1/projects/{project_id}/agreement", { params }))) as AgreementReport;
    },
  });

interface Drawn {
  readonly set_id: string;
  readonly annotations: readonly Annotation[];
}

/** What each of those who label an image has drawn. */
export const labelersQuery = (imageId: string) =>
  queryOptions({
    queryKey: ["labelers", imageId],
    queryFn: async () => {
      const params = { path: { image_id: imageId } };
      return (await call(api.GET("/api/v1/images/{image_id}/labelers", { params }))) as Drawn[];
    },
    staleTime: 0,
  });

interface Adopting {
  imageId: string;
  who: { name?: string | null; set_id: string };
}

/** Makes what one person drew the ground truth of an image. */
export function useAdopt(projectId: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ imageId, who: { set_id } }: Adopting) =>
      call(api.POST("/api/v1/images/{image_id}/adopt", { params: { path: { image_id: imageId } }, body: { set_id } })),
    onSuccess: (_saved, { who }) => {
      notifyDone(words.adopted(who.name ?? ""));
      void client.invalidateQueries({ queryKey: ["images", projectId] });
    },
  });
}

/** Gives each image to two of these people. */
export function useAssignTwice(projectId: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ people, images, filter = {} }: Assigning) => {
      const image_ids = images?.map(({ id }) => id) ?? null;
      const body = { user_ids: people.map(({ id }) => id), image_ids, query: filterBody(filter) };
      return call(
        api.POST("/api/v1/projects/{project_id}/assignments/twice", {
          params: { path: { project_id: projectId } },
          body,
        }),
      );
    },
    onSuccess: ({ changed }) => {
      notifyDone(words.done(changed));
      void client.invalidateQueries({ queryKey: ["images", projectId] });
      void client.invalidateQueries({ queryKey: keys.queue(projectId) });
    },
  });
}
