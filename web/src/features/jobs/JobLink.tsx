import { Button } from "@mantine/core";
import { IconDownload } from "@tabler/icons-react";
import { urls } from "../../api/queries";
import type { Job } from "../../api/types";
import { proposals } from "../../strings/proposals";
import { outcomeOf } from "../proposals/outcome";
import { exportFile } from "./exportFile";
import { jobs as words } from "../../strings/jobs";
import { LinkButton } from "../../components/links";

function text(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}

/** Leads from a job to where its work can be seen. */
export function JobLink({ job, onOpen }: { job: Job; onOpen: () => void }) {
  const projectId = job.project_id;
  if (projectId === null) return null;
  const look = { size: "compact-sm", variant: "subtle", onClick: onOpen } as const;
  const file = exportFile(job);
  if (file !== undefined) {
    return (
      <Button
        component="a"
        href={urls.jobFile(job.id, file)}
        download
        size="compact-sm"
        variant="light"
        leftSection={<IconDownload size={16} aria-hidden />}
      >
        {words.download}
      </Button>
    );
  }
  const runId = text(job.params["run_id"]);
  const modelId = text(job.params["model_id"]);
  if (job.kind === "train" || job.kind === "sweep") {
    return (
      <LinkButton to="/projects/$projectId/train/$jobId" params={{ projectId, jobId: job.id }} {...look}>
        {words.open}
      </LinkButton>
    );
  }
  if (job.kind === "label_check" || job.kind === "embed") {
    const view = job.kind === "embed" ? "map" : "labels";
    return (
      <LinkButton to="/projects/$projectId/dataset" params={{ projectId }} search={{ view }} {...look}>
        {words.open}
      </LinkButton>
    );
  }
  if (job.kind === "predict" && runId !== undefined) {
    return (
      <LinkButton to="/projects/$projectId/predict/$runId" params={{ projectId, runId }} {...look}>
        {words.open}
      </LinkButton>
    );
  }
  if (job.kind === "evaluate" && modelId !== undefined) {
    return (
      <LinkButton to="/projects/$projectId/models/$modelId" params={{ projectId, modelId }} {...look}>
        {words.open}
      </LinkButton>
    );
  }
  const run = outcomeOf(job);
  if (run !== undefined && run.proposals > 0 && !run.undone) {
    return (
      <LinkButton to="/projects/$projectId/images" params={{ projectId }} search={{ state: "proposals" }} {...look}>
        {proposals.review}
      </LinkButton>
    );
  }
  return (
    <LinkButton to="/projects/$projectId/images" params={{ projectId }} {...look}>
      {words.open}
    </LinkButton>
  );
}
