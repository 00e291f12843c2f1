import { useQuery } from "@tanstack/react-query";
import { getRouteApi, Outlet } from "@tanstack/react-router";
import { ApiError } from "../api/client";
import { projectQuery } from "../api/queries";
import { ErrorBox } from "../components/ErrorBox";
import { NotFound } from "./Crash";

const route = getRouteApi("/projects/$projectId");

/** Around every page of a project: a project that is not there is said once, here. */
export function ProjectFrame() {
  const { projectId } = route.useParams();
  const project = useQuery(projectQuery(projectId));
  if (project.isError && project.data === undefined) {
    if (project.error instanceof ApiError && project.error.status === 404) return <NotFound />;
    return (
      <div style={{ padding: 24 }}>
        <ErrorBox error={project.error} onRetry={() => project.refetch()} />
      </div>
    );
  }
  return <Outlet />;
}
