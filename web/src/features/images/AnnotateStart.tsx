import { Box, Center, Loader } from "@mantine/core";
import { IconVectorBezier2 } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi, Navigate } from "@tanstack/react-router";
import { api, call } from "../../api/client";
import { Empty } from "../../components/Empty";
import { ErrorBox } from "../../components/ErrorBox";
import { images } from "../../strings/images";
import { filterQuery } from "./filter";
import { LinkButton } from "../../components/links";

const words = images.annotate;
const route = getRouteApi("/projects/$projectId/annotate");

/** Leads to the image that comes next: the first one without labels, or the first one there is. */
export function AnnotateStart() {
  const { projectId } = route.useParams();
  const filter = route.useSearch();
  const first = useQuery({
    queryKey: ["images", projectId, "first", filter],
    staleTime: 0,
    gcTime: 0,
    queryFn: async () => {
      const page = await call(
        api.GET("/api/v1/projects/{project_id}/images", {
          params: { path: { project_id: projectId }, query: { ...filterQuery(filter), limit: 1 } },
        }),
      );
      return page.items[0]?.id ?? null;
    },
  });
  if (first.isError) {
    return (
      <Box p={{ base: "sm", sm: "lg" }}>
        <ErrorBox error={first.error} onRetry={() => first.refetch()} />
      </Box>
    );
  }
  if (first.data === undefined) {
    return (
      <Center p="xl">
        <Loader role="img" aria-label={words.finding} />
      </Center>
    );
  }
  if (first.data !== null) {
    return (
      <Navigate
        to="/projects/$projectId/annotate/$imageId"
        params={{ projectId, imageId: first.data }}
        search={filter}
        replace
      />
    );
  }
  return (
    <Empty
      icon={IconVectorBezier2}
      title={words.emptyTitle}
      action={
        <LinkButton to="/projects/$projectId/images" params={{ projectId }}>
          {words.toImages}
        </LinkButton>
      }
    >
      {words.emptyBody}
    </Empty>
  );
}
