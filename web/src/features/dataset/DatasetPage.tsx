import { Tabs } from "@mantine/core";
import { IconChartPie } from "@tabler/icons-react";
import { getRouteApi } from "@tanstack/react-router";
import { Page } from "../../components/Page";
import { dataset as words } from "../../strings/dataset";
import { SplitView } from "./SplitView";

const route = getRouteApi("/projects/$projectId/dataset");

/** Deals the images of a project out to the splits, and looks them through. */
export function DatasetPage() {
  const { projectId } = route.useParams();
  return (
    <Page title={words.title} subtitle={words.intro} width={1200}>
      <Tabs value="split">
        <Tabs.List aria-label={words.views} mb="md">
          <Tabs.Tab value="split" leftSection={<IconChartPie size={16} aria-hidden />}>
            {words.split.tab}
          </Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="split">
          <SplitView projectId={projectId} />
        </Tabs.Panel>
      </Tabs>
    </Page>
  );
}
