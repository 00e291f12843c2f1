import { Tabs } from "@mantine/core";
import { IconChartDots3, IconChartPie, IconCopy, IconEyeExclamation, IconListSearch } from "@tabler/icons-react";
import { getRouteApi } from "@tanstack/react-router";
import { Page } from "../../components/Page";
import { LabelsView } from "../labels/LabelsView";
import { parseLabelsView } from "../labels/view";
import { MapView } from "../map/MapView";
import { parseMapView } from "../map/view";
import { dataset as words } from "../../strings/dataset";
import { DuplicatesView } from "./DuplicatesView";
import { FlawsView } from "./FlawsView";
import { SplitView } from "./SplitView";
import { parseDatasetView, VIEWS } from "./view";

const route = getRouteApi("/projects/$projectId/dataset");
const ICONS = {
  split: IconChartPie,
  duplicates: IconCopy,
  flaws: IconEyeExclamation,
  labels: IconListSearch,
  map: IconChartDots3,
} as const;

/** Deals the images of a project out to the splits, and looks them through. */
export function DatasetPage() {
  const { projectId } = route.useParams();
  const search = route.useSearch();
  const navigate = route.useNavigate();
  return (
    <Page title={words.title} subtitle={words.intro} width={1200}>
      <Tabs
        value={search.view ?? "split"}
        onChange={(view) => void navigate({ search: parseDatasetView({ view }), replace: true })}
        keepMounted={false}
      >
        <Tabs.List aria-label={words.views} mb="md">
          {VIEWS.map((view) => {
            const Icon = ICONS[view];
            return (
              <Tabs.Tab key={view} value={view} leftSection={<Icon size={16} aria-hidden />}>
                {words[view].tab}
              </Tabs.Tab>
            );
          })}
        </Tabs.List>
        <Tabs.Panel value="split">
          <SplitView projectId={projectId} />
        </Tabs.Panel>
        <Tabs.Panel value="duplicates">
          <DuplicatesView projectId={projectId} />
        </Tabs.Panel>
        <Tabs.Panel value="flaws">
          <FlawsView
            projectId={projectId}
            flaw={search.flaw ?? "blurred"}
            limit={search.limit}
            onChange={(next) => void navigate({ search: parseDatasetView({ view: "flaws", ...next }), replace: true })}
          />
        </Tabs.Panel>
        <Tabs.Panel value="map">
          <MapView
            projectId={projectId}
            view={parseMapView({ ...search })}
            onChange={(next) => void navigate({ search: parseDatasetView({ view: "map", ...next }), replace: true })}
          />
        </Tabs.Panel>
        <Tabs.Panel value="labels">
          <LabelsView
            projectId={projectId}
            view={parseLabelsView({ ...search })}
            onChange={(next) => void navigate({ search: parseDatasetView({ view: "labels", ...next }), replace: true })}
          />
        </Tabs.Panel>
      </Tabs>
    </Page>
  );
}
