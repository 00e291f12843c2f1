import { useMutation, useQueryClient } from "@tanstack/react-query";
import { api, call } from "../../api/client";
import { projects as words } from "../../strings/projects";

const SAMPLE = { kind: "sample", seed: 0, images: 190, shapes: "box" } as const;

/** Make the sample project and start the job that renders its pictures. */
export function useAddSample() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: async () => {
      const body = { name: words.sampleName, description: words.sampleDescription };
      const project = await call(api.POST("/api/v1/projects", { body }));
      return call(api.POST("/api/v1/jobs", { body: { ...SAMPLE, project_id: project.id } }));
    },
    onSettled: () => client.invalidateQueries({ queryKey: ["projects"] }),
  });
}
