import { getRouteApi } from "@tanstack/react-router";
import { useCallback } from "react";
import { VideoPage } from "../annotate";

const route = getRouteApi("/projects/$projectId/videos/$videoId");

/** The editor of a video at its address, which names the frame on show. */
export function VideoRoute() {
  const { projectId, videoId } = route.useParams();
  const { frame = 0 } = route.useSearch();
  const navigate = route.useNavigate();
  const show = useCallback(
    (next: number) => void navigate({ search: next > 0 ? { frame: next } : {}, replace: true }),
    [navigate],
  );
  return <VideoPage key={videoId} projectId={projectId} videoId={videoId} frame={frame} onFrame={show} />;
}
