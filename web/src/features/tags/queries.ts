import { queryOptions } from "@tanstack/react-query";
import { api, call } from "../../api/client";
import { keys } from "../../api/keys";

/** The tags of a project's images, each with how many have it. */
export const tagsQuery = (projectId: string) =>
  queryOptions({
    queryKey: keys.tags(projectId),
    queryFn: () => call(api.GET("/api/v1/projects/{project_id}/tags", { params: { path: { project_id: projectId } } })),
  });
