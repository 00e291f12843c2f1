import { ActionIcon, Indicator, Tooltip } from "@mantine/core";
import { IconActivity, IconChevronRight } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { Link, Outlet, useParams } from "@tanstack/react-router";
import { lazy, Suspense, useEffect, useState } from "react";
import { useConnection, useLiveQueries } from "../api/events";
import type { Connection } from "../api/events";
import { projectQuery } from "../api/queries";
import { JobsDrawer } from "../features/jobs/JobsDrawer";
import { useActiveJobs } from "../features/jobs/useJobs";
import { useJobToasts } from "../features/jobs/useJobToasts";
import { UploadDock } from "../features/images/UploadDock";
import { common } from "../strings/common";
import { AccountMenu } from "./AccountMenu";
import { shell } from "../strings/shell";
import { Logo } from "./Logo";
import css from "./main.module.css";
import { ProjectNav } from "./ProjectNav";
import { ThemeMenu } from "./ThemeMenu";

const UnsentBanner = lazy(async () => ({ default: (await import("../annotate/UnsentBanner")).UnsentBanner }));

/** What surrounds every page: header, jobs drawer, uploads, bottom navigation on narrow screens. */
export function Shell() {
  useLiveQueries();
  useJobToasts();
  const { projectId, imageId, videoId } = useParams({ strict: false });
  const connection = useConnection();
  useUnsent(connection);
  return (
    <div className={css.shell}>
      <div>
        <header className={css.header}>
          <a href="#main" className={css.skip}>
            {shell.skip}
          </a>
          <Link to="/projects" className={css.brand} aria-label={`${common.product}: ${shell.projects}`}>
            <Logo />
            {projectId === undefined && common.product}
          </Link>
          {projectId !== undefined && (
            <>
              <ProjectName projectId={projectId} />
              <ProjectNav projectId={projectId} />
            </>
          )}
          <span style={{ flex: 1 }} />
          {connection === "lost" && (
            <Tooltip label={common.connectionLost} multiline maw={280}>
              <span
                role="status"
                aria-label={common.connectionLost}
                style={{ width: 10, height: 10, borderRadius: 5, background: "var(--mantine-color-orange-6)" }}
              />
            </Tooltip>
          )}
          <JobsButton projectId={projectId} />
          <ThemeMenu />
          <AccountMenu />
        </header>
        {imageId === undefined && videoId === undefined && (
          <Suspense fallback={null}>
            <UnsentBanner />
          </Suspense>
        )}
      </div>
      <main id="main" className={css.main} tabIndex={-1}>
        <Outlet />
      </main>
      <div className={css.bottom}>{projectId !== undefined && <ProjectNav projectId={projectId} />}</div>
      <UploadDock />
    </div>
  );
}

function ProjectName({ projectId }: { projectId: string }) {
  const project = useQuery(projectQuery(projectId));
  return (
    <>
      <IconChevronRight size={16} stroke={1.5} aria-hidden style={{ flex: "none", opacity: 0.5 }} />
      <span className={css.project} title={project.data?.name}>
        {project.data?.name ?? ""}
      </span>
    </>
  );
}

function JobsButton({ projectId }: { projectId: string | undefined }) {
  const [opened, setOpened] = useState(false);
  const active = useActiveJobs(projectId).length;
  return (
    <>
      <Indicator disabled={active === 0} label={active} size={16} offset={7} processing>
        <Tooltip label={shell.jobs}>
          <ActionIcon
            aria-label={active === 0 ? shell.jobs : shell.jobsRunning(active)}
            aria-haspopup="dialog"
            aria-expanded={opened}
            onClick={() => setOpened(true)}
          >
            <IconActivity size={20} stroke={1.5} />
          </ActionIcon>
        </Tooltip>
      </Indicator>
      <JobsDrawer projectId={projectId} opened={opened} onClose={() => setOpened(false)} />
    </>
  );
}

/** Whenever the server can be reached again, what former tabs could not send is sent. */
function useUnsent(connection: Connection): void {
  useEffect(() => {
    if (connection === "open") void import("../annotate/unsent").then(({ sendUnsent }) => sendUnsent());
  }, [connection]);
}
