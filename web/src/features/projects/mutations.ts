import { useMutation, useQueryClient } from "@tanstack/react-query";
import { api, call } from "../../api/client";
import { keys } from "../../api/keys";
import { show } from "../../api/show";
import type { AttributeDefinition, Project } from "../../api/types";
import { notifyDone, notifyUndo } from "../../components/notify";
import { projects as words } from "../../strings/projects";

export interface ProjectText {
  name: string;
  description: string;
}

function useRefresh() {
  const client = useQueryClient();
  return (projectId?: string) => {
    const stale = [["projects"], ...(projectId === undefined ? [] : [["project", projectId]])];
    return Promise.all(stale.map((queryKey) => client.invalidateQueries({ queryKey })));
  };
}

export function useCreateProject() {
  const refresh = useRefresh();
  return useMutation({
    meta: { quiet: true },
    mutationFn: (body: ProjectText) => call(api.POST("/api/v1/projects", { body })),
    onSuccess: () => void refresh(),
  });
}

export function useUpdateProject(projectId: string) {
  const client = useQueryClient();
  const refresh = useRefresh();
  return useMutation({
    mutationFn: (
      body: Partial<ProjectText> & {
        cover_image_id?: string;
        workflow?: "auto" | "on" | "off";
        attributes?: AttributeDefinition[];
      },
    ) => call(api.PATCH("/api/v1/projects/{project_id}", { params: { path: { project_id: projectId } }, body })),
    onSuccess: (project) => {
      show(client, keys.project(projectId), project);
      void refresh();
    },
  });
}

export function useRestoreProject() {
  const refresh = useRefresh();
  return useMutation({
    mutationFn: (project: Project) =>
      call(api.POST("/api/v1/projects/{project_id}/restore", { params: { path: { project_id: project.id } } })),
    onSuccess: (project) => {
      notifyDone(words.restored(project.name));
      return refresh(project.id);
    },
  });
}

/** Move a project to the trash; a toast takes it back. */
export function useDeleteProject() {
  const refresh = useRefresh();
  const restore = useRestoreProject();
  return useMutation({
    mutationFn: ({ project, confirm }: { project: Project; confirm: string }) =>
      call(
        api.DELETE("/api/v1/projects/{project_id}", {
          params: { path: { project_id: project.id } },
          body: { confirm },
        }),
      ),
    onSuccess: (_nothing, { project }) => {
      notifyUndo(words.deleted(project.name), () => restore.mutateAsync(project));
      void refresh();
    },
  });
}
