import { Stack } from "@mantine/core";
import { IconLock, IconSchool } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { modelsQuery } from "../../api/queries";
import { Empty } from "../../components/Empty";
import { Loaded } from "../../components/Loaded";
import { Page } from "../../components/Page";
import { predictions as words } from "../../strings/predictions";
import { Why } from "../people/Guarded";
import { useMay } from "../people/useMay";
import { NewRun } from "./NewRun";
import { RunList } from "./RunList";
import { runsQuery } from "./useRuns";
import { LinkButton } from "../../components/links";

const route = getRouteApi("/projects/$projectId/predict");

/** Start a prediction, and every run there was. */
export function PredictPage() {
  const { projectId } = route.useParams();
  const { model } = route.useSearch();
  const models = useQuery(modelsQuery(projectId));
  const runs = useQuery(runsQuery(projectId));
  const may = useMay(projectId);
  return (
    <Page title={words.title} width={1024}>
      <Stack gap="lg">
        <Loaded query={models}>
          {(list) =>
            list.length === 0 ? (
              <Locked projectId={projectId} />
            ) : !may("predict") ? (
              <Why projectId={projectId} deed="predict" />
            ) : (
              <NewRun key={model} projectId={projectId} models={list} wanted={model} />
            )
          }
        </Loaded>
        <Loaded query={runs}>
          {(list) =>
            list.length === 0 && models.data?.length === 0 ? null : <RunList projectId={projectId} runs={list} />
          }
        </Loaded>
      </Stack>
    </Page>
  );
}

function Locked({ projectId }: { projectId: string }) {
  return (
    <Empty
      icon={IconLock}
      title={words.lockedTitle}
      action={
        <LinkButton
          to="/projects/$projectId/train"
          params={{ projectId }}
          leftSection={<IconSchool size={16} aria-hidden />}
        >
          {words.lockedAction}
        </LinkButton>
      }
    >
      {words.lockedBody}
    </Empty>
  );
}
