import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
  redirect,
  type ErrorComponentProps,
} from "@tanstack/react-router";
import { parseDatasetView } from "../features/dataset/view";
import { parseSpot } from "../annotate/spot";
import { parseFilter } from "../features/images/filter";
import { parseQualityView } from "../features/quality/view";
import { parseStatisticsView } from "../features/statistics/view";
import { parseRunView } from "../features/predictions/view";
import { ProjectsPage } from "../features/projects/ProjectsPage";
import { Crash, NotFound } from "./Crash";
import { ProjectFrame } from "./ProjectFrame";
import { Shell } from "./Shell";

function text(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}

/** Pages that come when they are needed. */
const load = {
  images: () => import("../features/images/ImagesPage"),
  statistics: () => import("../features/statistics/StatisticsPage"),
  annotateStart: () => import("../features/images/AnnotateStart"),
  annotate: () => import("./AnnotateRoute"),
  dataset: () => import("../features/dataset/DatasetPage"),
  videos: () => import("../features/videos/VideosPage"),
  video: () => import("./VideoRoute"),
  train: () => import("../features/training/TrainPage"),
  training: () => import("../features/training/TrainingPage"),
  models: () => import("../features/models/ModelsPage"),
  model: () => import("../features/models/ModelPage"),
  predict: () => import("../features/predictions/PredictPage"),
  run: () => import("../features/predictions/RunPage"),
  settings: () => import("../features/settings/SettingsPage"),
  agreement: () => import("../features/workflow/AgreementPage"),
  work: () => import("../features/workflow/WorkPage"),
  members: () => import("../features/people/MembersPage"),
  people: () => import("../features/people/PeoplePage"),
  backup: () => import("../features/people/BackupPage"),
  account: () => import("../features/account/AccountPage"),
};

/** Fetch all pages while nothing else is to do: moving between them is then immediate, and works when the server is away. */
export function preloadPages(): void {
  for (const page of Object.values(load)) page().catch(() => undefined);
}

const root = createRootRoute({ component: Shell, notFoundComponent: NotFound });

const home = createRoute({
  getParentRoute: () => root,
  path: "/",
  beforeLoad: () => {
    // The router reports a redirect by throwing what `redirect` makes.
    // eslint-disable-next-line @typescript-eslint/only-throw-error
    throw redirect({ to: "/projects" });
  },
});

const projects = createRoute({
  getParentRoute: () => root,
  path: "/projects",
  component: ProjectsPage,
  validateSearch: (search: Record<string, unknown>): { q?: string; trash?: true } => {
    const q = text(search["q"]);
    return { ...(q === undefined ? {} : { q }), ...(search["trash"] === true ? { trash: true as const } : {}) };
  },
});

const project = createRoute({
  getParentRoute: () => root,
  path: "/projects/$projectId",
  component: ProjectFrame,
});

const projectHome = createRoute({
  getParentRoute: () => project,
  path: "/",
  beforeLoad: ({ params }) => {
    // eslint-disable-next-line @typescript-eslint/only-throw-error
    throw redirect({ to: "/projects/$projectId/images", params });
  },
});

const images = createRoute({
  getParentRoute: () => project,
  path: "images",
  validateSearch: (search: Record<string, unknown>) => ({
    ...parseFilter(search),
    ...dialogOf(search["dialog"]),
  }),
  component: lazyRouteComponent(load.images, "ImagesPage"),
});

const statistics = createRoute({
  getParentRoute: () => project,
  path: "statistics",
  validateSearch: parseStatisticsView,
  component: lazyRouteComponent(load.statistics, "StatisticsPage"),
});

export type ImagesDialog = "auto" | "import" | "export" | "versions" | "classes";
const DIALOGS: readonly ImagesDialog[] = ["auto", "import", "export", "versions", "classes"];

function dialogOf(value: unknown): { dialog?: ImagesDialog } {
  const dialog = DIALOGS.find((name) => name === value);
  return dialog === undefined ? {} : { dialog };
}

const annotateStart = createRoute({
  getParentRoute: () => project,
  path: "annotate",
  validateSearch: parseFilter,
  component: lazyRouteComponent(load.annotateStart, "AnnotateStart"),
});

const annotate = createRoute({
  getParentRoute: () => project,
  path: "annotate/$imageId",
  validateSearch: (search: Record<string, unknown>) => ({ ...parseFilter(search), ...parseSpot(search) }),
  component: lazyRouteComponent(load.annotate, "AnnotateRoute"),
});

const dataset = createRoute({
  getParentRoute: () => project,
  path: "dataset",
  validateSearch: parseDatasetView,
  component: lazyRouteComponent(load.dataset, "DatasetPage"),
});

const videos = createRoute({
  getParentRoute: () => project,
  path: "videos",
  validateSearch: (search: Record<string, unknown>): { trash?: true } =>
    search["trash"] === true ? { trash: true } : {},
  component: lazyRouteComponent(load.videos, "VideosPage"),
});

const video = createRoute({
  getParentRoute: () => project,
  path: "videos/$videoId",
  validateSearch: (search: Record<string, unknown>): { frame?: number } => {
    const frame = Number(search["frame"]);
    return Number.isInteger(frame) && frame > 0 ? { frame } : {};
  },
  component: lazyRouteComponent(load.video, "VideoRoute"),
});

const train = createRoute({
  getParentRoute: () => project,
  path: "train",
  component: lazyRouteComponent(load.train, "TrainPage"),
});

const training = createRoute({
  getParentRoute: () => project,
  path: "train/$jobId",
  component: lazyRouteComponent(load.training, "TrainingPage"),
});

const models = createRoute({
  getParentRoute: () => project,
  path: "models",
  component: lazyRouteComponent(load.models, "ModelsPage"),
});

const model = createRoute({
  getParentRoute: () => project,
  path: "models/$modelId",
  validateSearch: parseQualityView,
  component: lazyRouteComponent(load.model, "ModelPage"),
});

const predict = createRoute({
  getParentRoute: () => project,
  path: "predict",
  validateSearch: (search: Record<string, unknown>): { model?: string } => {
    const wanted = text(search["model"]);
    return wanted === undefined ? {} : { model: wanted };
  },
  component: lazyRouteComponent(load.predict, "PredictPage"),
});

const run = createRoute({
  getParentRoute: () => project,
  path: "predict/$runId",
  validateSearch: parseRunView,
  component: lazyRouteComponent(load.run, "RunPage"),
});

const work = createRoute({
  getParentRoute: () => project,
  path: "work",
  component: lazyRouteComponent(load.work, "WorkPage"),
});

const agreement = createRoute({
  getParentRoute: () => project,
  path: "agreement",
  component: lazyRouteComponent(load.agreement, "AgreementPage"),
});

const settings = createRoute({
  getParentRoute: () => project,
  path: "settings",
  component: lazyRouteComponent(load.settings, "SettingsPage"),
});

const members = createRoute({
  getParentRoute: () => project,
  path: "people",
  validateSearch: (search: Record<string, unknown>): { view?: "audit" } =>
    search["view"] === "audit" ? { view: "audit" } : {},
  component: lazyRouteComponent(load.members, "MembersPage"),
});

const people = createRoute({
  getParentRoute: () => root,
  path: "/people",
  validateSearch: (search: Record<string, unknown>): { view?: "audit" } =>
    search["view"] === "audit" ? { view: "audit" } : {},
  component: lazyRouteComponent(load.people, "PeoplePage"),
});

const backup = createRoute({
  getParentRoute: () => root,
  path: "/backup",
  component: lazyRouteComponent(load.backup, "BackupPage"),
});

const account = createRoute({
  getParentRoute: () => root,
  path: "/account",
  component: lazyRouteComponent(load.account, "AccountPage"),
});

const tree = root.addChildren([
  home,
  projects,
  people,
  backup,
  account,
  project.addChildren([
    projectHome,
    images,
    statistics,
    annotateStart,
    annotate,
    dataset,
    videos,
    video,
    train,
    training,
    models,
    model,
    predict,
    run,
    work,
    agreement,
    members,
    settings,
  ]),
]);

export const router = createRouter({
  routeTree: tree,
  scrollRestoration: true,
  scrollToTopSelectors: ["#main"],
  defaultErrorComponent: ({ error }: ErrorComponentProps) => <Crash error={error} />,
});

declare module "@tanstack/react-router" {
  interface Register {
    router: typeof router;
  }
}
