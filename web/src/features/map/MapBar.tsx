import { Button, Group, Paper, Stack, Text } from "@mantine/core";
import { useHotkeys } from "@mantine/hooks";
import { IconEyeSearch } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { Loaded } from "../../components/Loaded";
import { Time } from "../../components/Time";
import { plural } from "../../lib/format";
import { map as words } from "../../strings/map";
import { JobActions } from "../jobs/JobActions";
import { JobProgress } from "../jobs/JobProgress";
import { isActive, useJobs, useStartJob } from "../jobs/useJobs";
import { useMay } from "../people/useMay";
import { imageMapQuery, mapPointsQuery, type ImageMap } from "./queries";

interface Props {
  projectId: string;
  /** What else can be done. */
  children?: ReactNode;
}

/** Who has looked at how many images, and the button that lets the network look at the others. */
export function MapBar({ projectId, children }: Props) {
  const found = useQuery(imageMapQuery(projectId));
  return (
    <Paper p="sm">
      <Loaded query={found}>
        {(map) => (
          <Bar projectId={projectId} map={map}>
            {children}
          </Bar>
        )}
      </Loaded>
    </Paper>
  );
}

function Bar({ projectId, map, children }: Props & { map: ImageMap }) {
  const may = useMay(projectId);
  const start = useStartJob();
  const rest = useRest(projectId, map);
  const job = useJobs(projectId).jobs.find(({ kind, state }) => kind === "embed" && state !== "succeeded");
  const active = job !== undefined && (isActive(job) || job.state === "paused") ? job : undefined;
  const offered = may("manage") && active === undefined && map.total > 0;
  const go = () => {
    if (offered && !start.isPending)
      start.mutate({ kind: "embed", project_id: projectId, starter: false, again: rest === 0 });
  };
  useHotkeys([["mod+Enter", go]], []);
  return (
    <Stack gap="xs">
      <Group justify="space-between" gap="sm">
        <Told projectId={projectId} map={map} />
        <Group gap="sm">
          {children}
          {offered && (
            <Button
              variant={map.made_at !== null && rest === 0 ? "default" : "filled"}
              leftSection={<IconEyeSearch size={16} aria-hidden />}
              loading={start.isPending}
              title={words.key}
              onClick={go}
            >
              {actionOf(map, rest)}
            </Button>
          )}
          {active !== undefined && <JobActions job={active} />}
        </Group>
      </Group>
      {active !== undefined && <JobProgress job={active} />}
    </Stack>
  );
}

/** Whether another network would look now than has looked. */
const isNewer = (map: ImageMap): boolean => map.made_at !== null && map.next_model_id !== map.model_id;

function actionOf(map: ImageMap, rest: number): string {
  if (map.made_at === null) return words.look;
  return rest > 0 && !isNewer(map) ? words.rest(plural(rest, "new image")) : words.again;
}

function Told({ projectId, map }: Pick<Props, "projectId"> & { map: ImageMap }) {
  const may = useMay(projectId);
  return (
    <div style={{ flex: 1, minWidth: 260 }}>
      <Text>
        {map.made_at === null ? (
          words.never(map.next_model_name)
        ) : (
          <>
            {words.last(map.model_name ?? "", plural(map.images, "image"))}, <Time value={map.made_at} />
          </>
        )}
      </Text>
      <Text size="sm" c="dimmed">
        {words.intro} {isNewer(map) && words.newer(map.next_model_name)}
        {map.made_at === null && may.why("manage") !== undefined && words.onlyManagers}
      </Text>
    </div>
  );
}

/** How many living images nobody has looked at. */
function useRest(projectId: string, map: ImageMap): number {
  const points = useQuery({ ...mapPointsQuery(projectId, map.made_at ?? ""), enabled: map.made_at !== null }).data;
  return points === undefined ? 0 : Math.max(0, map.total - points.total);
}
