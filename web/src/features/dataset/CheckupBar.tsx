import { Button, Group, Paper, Stack, Text } from "@mantine/core";
import { useHotkeys } from "@mantine/hooks";
import { IconEyeSearch } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { Loaded } from "../../components/Loaded";
import { count, plural } from "../../lib/format";
import { dataset } from "../../strings/dataset";
import { JobActions } from "../jobs/JobActions";
import { JobProgress } from "../jobs/JobProgress";
import { isActive, useJobs, useStartJob } from "../jobs/useJobs";
import { useMay } from "../people/useMay";
import { checkupQuery, type Checkup } from "./checkupQueries";

const words = dataset.checkup;

/** How far the images have been looked through, and the button that goes on with it. */
export function CheckupBar({ projectId }: { projectId: string }) {
  const found = useQuery(checkupQuery(projectId));
  return (
    <Paper p="sm">
      <Loaded query={found}>{(checkup) => <Bar projectId={projectId} checkup={checkup} />}</Loaded>
    </Paper>
  );
}

function Bar({ projectId, checkup }: { projectId: string; checkup: Checkup }) {
  const may = useMay(projectId);
  const start = useStartJob();
  const job = useJobs(projectId).jobs.find(({ kind, state }) => kind === "checkup" && state !== "succeeded");
  const active = job !== undefined && (isActive(job) || job.state === "paused") ? job : undefined;
  const rest = checkup.images - checkup.checked;
  const offered = may("manage") && active === undefined && checkup.images > 0;
  const go = () => {
    if (offered && !start.isPending) start.mutate({ kind: "checkup", project_id: projectId, again: rest === 0 });
  };
  useHotkeys([["mod+Enter", go]], []);
  return (
    <Stack gap="xs">
      <Group justify="space-between" gap="sm">
        <div>
          <Text>
            {checkup.checked === 0
              ? words.never
              : rest === 0
                ? words.up
                : words.looked(count(checkup.checked), plural(checkup.images, "image"))}
          </Text>
          <Text size="sm" c="dimmed">
            {words.intro}
          </Text>
        </div>
        {offered && (
          <Button
            variant={rest === 0 ? "default" : "filled"}
            leftSection={<IconEyeSearch size={16} aria-hidden />}
            loading={start.isPending}
            title={words.key}
            onClick={go}
          >
            {rest === 0 ? words.again : words.rest(plural(rest, "image"))}
          </Button>
        )}
        {active !== undefined && <JobActions job={active} />}
      </Group>
      {active !== undefined && <JobProgress job={active} />}
    </Stack>
  );
}
