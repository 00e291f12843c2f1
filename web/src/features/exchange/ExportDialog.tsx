import { Alert, Button, Group, Input, Modal, SegmentedControl, Select, Stack, Text } from "@mantine/core";
import { IconCheck, IconDownload } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { api, call } from "../../api/client";
import { keys } from "../../api/keys";
import { jobQuery, urls, versionsQuery } from "../../api/queries";
import type { Job } from "../../api/types";
import { ErrorBox } from "../../components/ErrorBox";
import { Lines } from "../../components/Loaded";
import { exchange as words } from "../../strings/exchange";
import { exportFile } from "../jobs/exportFile";
import { formatGroups, type Format } from "./formats";
import { Losses } from "./Losses";
import { PartOf, WHOLE, type Part } from "./PartOf";
import { JobProgress } from "../jobs/JobProgress";
import { useStartJob } from "../jobs/useJobs";

type Content = keyof typeof words.contents;

interface Props {
  projectId: string;
  opened: boolean;
  /** The version to begin with; the project now, where there is none. */
  version?: string | undefined;
  onClose: () => void;
}

/** Take the dataset away: what a format loses is said before, not after. */
export function ExportDialog({ projectId, opened, version, onClose }: Props) {
  return (
    <Modal opened={opened} onClose={onClose} title={words.exportTitle} size="lg">
      <ExportFlow projectId={projectId} initial={version ?? ""} />
    </Modal>
  );
}

function ExportFlow({ projectId, initial }: { projectId: string; initial: string }) {
  const [format, setFormat] = useState<Format>("coco");
  const [version, setVersion] = useState(initial);
  const [content, setContent] = useState<Content>("all");
  const [part, setPart] = useState<Part>(WHOLE);
  const [jobId, setJobId] = useState<string | null>(null);
  const start = useStartJob();
  const versions = useQuery(versionsQuery(projectId));
  const job = useQuery({ ...jobQuery(jobId ?? ""), enabled: jobId !== null });
  if (jobId !== null) return <ExportOutcome job={job.data} onAgain={() => setJobId(null)} />;
  const version_id = version === "" ? null : version;
  return (
    <Stack>
      <Select
        label={words.format}
        description={words.formatHints[format]}
        allowDeselect={false}
        searchable
        maxDropdownHeight={320}
        data={formatGroups()}
        value={format}
        onChange={(value) => setFormat(value ?? format)}
      />
      <Select
        label={words.version}
        data={[
          { value: "", label: words.present },
          ...(versions.data ?? []).map((found) => ({ value: found.id, label: found.name })),
        ]}
        value={version}
        onChange={(value) => {
          setVersion(value ?? "");
          // A version does not know who made an annotation.
          if (value !== "") setPart({ ...part, sources: [] });
        }}
      />
      <Input.Wrapper label={words.content} labelElement="div">
        <SegmentedControl
          fullWidth
          aria-label={words.content}
          data={(Object.keys(words.contents) as Content[]).map((value) => ({ value, label: words.contents[value] }))}
          value={content}
          onChange={setContent}
        />
      </Input.Wrapper>
      <PartOf projectId={projectId} ofVersion={version_id !== null} part={part} onPart={setPart} />
      {content !== "images" && (
        <ProjectLosses projectId={projectId} format={format} versionId={version_id} part={part} />
      )}
      <Group justify="end">
        <Button
          loading={start.isPending}
          onClick={() =>
            start.mutate(
              {
                kind: "export",
                project_id: projectId,
                format,
                version_id,
                with_images: content !== "annotations",
                with_annotations: content !== "images",
                selection: part,
              },
              { onSuccess: (started) => setJobId(started.id) },
            )
          }
        >
          {words.startExport}
        </Button>
      </Group>
    </Stack>
  );
}

interface LossesProps {
  projectId: string;
  format: Format;
  versionId: string | null;
  part: Part;
}

function ProjectLosses({ projectId, format, versionId, part }: LossesProps) {
  const losses = useQuery({
    queryKey: keys.losses(projectId, format, versionId, part),
    staleTime: 0,
    queryFn: () =>
      call(
        api.GET("/api/v1/projects/{project_id}/export-losses", {
          params: {
            path: { project_id: projectId },
            query: { format, ...(versionId === null ? {} : { version_id: versionId }), ...part },
          },
        }),
      ),
  });
  return <Losses query={losses} none={words.noLosses} />;
}

function ExportOutcome({ job, onAgain }: { job: Job | undefined; onAgain: () => void }) {
  if (job === undefined) return <Lines rows={2} />;
  const file = exportFile(job);
  const again = (
    <Button variant="default" onClick={onAgain}>
      {words.anotherExport}
    </Button>
  );
  if (file !== undefined) {
    return (
      <Stack>
        <Alert color="green" icon={<IconCheck aria-hidden />} title={words.exportDone} role="status" />
        <Group justify="end">
          {again}
          <Button
            component="a"
            href={urls.jobFile(job.id, file)}
            download
            leftSection={<IconDownload size={16} aria-hidden />}
          >
            {words.downloadZip}
          </Button>
        </Group>
      </Stack>
    );
  }
  if (job.state === "failed" || job.state === "cancelled") {
    return (
      <Stack>
        <ErrorBox title={words.exportFailed} error={job.error ?? job.state} />
        <Group>{again}</Group>
      </Stack>
    );
  }
  return (
    <Stack gap="sm">
      <Text>{words.exporting}</Text>
      <JobProgress job={job} />
    </Stack>
  );
}
