import { getRouteApi } from "@tanstack/react-router";
import { AnnotatePage } from "../annotate";

const route = getRouteApi("/projects/$projectId/annotate/$imageId");

/** The editor at its address. */
export function AnnotateRoute() {
  const { projectId, imageId } = route.useParams();
  return <AnnotatePage projectId={projectId} imageId={imageId} />;
}
