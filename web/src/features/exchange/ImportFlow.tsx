import { Alert, Button, Group, Stack, Text } from "@mantine/core";
import { IconCheck } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import { jobQuery } from "../../api/queries";
import type { Job } from "../../api/types";
import { ErrorBox } from "../../components/ErrorBox";
import { ProgressBar } from "../../components/ProgressBar";
import { count, plural } from "../../lib/format";
import { exchange as words } from "../../strings/exchange";
import { JobProgress } from "../jobs/JobProgress";
import { useStartJob } from "../jobs/useJobs";
import { ChooseFile } from "./ChooseFile";
import { ImportReview } from "./ImportReview";
import { DEFAULT_OPTIONS, type ImportOptions } from "./importOptions";
import { reportOf } from "./report";
import { Sending } from "./Sending";
import { useUploads } from "./useUploads";

interface Props {
  projectId: string;
  file: File | null;
  onClose: () => void;
}

/** The steps of an import. Each is derived from what is there already: a file, an upload, a report, a result. */
export function ImportFlow({ projectId, file: given, onClose }: Props) {
  const [file, setFile] = useState(given);
  const [options, setOptions] = useState(DEFAULT_OPTIONS);
  const [dryId, setDryId] = useState<string | null>(null);
  const [realId, setRealId] = useState<string | null>(null);
  const upload = useUploads();
  const start = useStartJob();
  const dry = useJob(dryId);
  const real = useJob(realId);

  const submit = (uploadId: string, dry_run: boolean, chosen: ImportOptions) =>
    start.mutate(
      { kind: "import", project_id: projectId, upload_id: uploadId, dry_run, ...chosen },
      { onSuccess: (job) => (dry_run ? setDryId : setRealId)(job.id) },
    );
  const begin = (chosen: File) => {
    setFile(chosen);
    upload.send.mutate([chosen], { onSuccess: ({ upload_id }) => submit(upload_id, true, options) });
  };
  const begun = useRef(false);
  useEffect(() => {
    if (given === null || begun.current) return;
    begun.current = true;
    begin(given);
  });
  const reset = () => {
    setFile(null);
    setDryId(null);
    setRealId(null);
    setOptions(DEFAULT_OPTIONS);
    upload.send.reset();
    start.reset();
  };

  const uploadId = upload.send.data?.upload_id;
  if (file === null) return <ChooseFile onFiles={([chosen]) => begin(chosen)} />;
  if (upload.send.isError) {
    return <ErrorBox title={words.interrupted} error={upload.send.error} onRetry={() => begin(file)} />;
  }
  if (uploadId === undefined) {
    return <Sending label={words.uploading(file.name)} share={upload.share} onStop={onClose} />;
  }
  if (start.isError && dryId === null) {
    return <ErrorBox error={start.error} onRetry={() => submit(uploadId, true, options)} />;
  }
  if (realId !== null) return <Outcome job={real.data} onClose={onClose} onReset={reset} />;
  const report = reportOf(dry.data);
  if (report !== undefined) {
    return (
      <ImportReview
        report={report}
        options={options}
        busy={start.isPending}
        onOptions={setOptions}
        onAgain={() => {
          setDryId(null);
          submit(uploadId, true, options);
        }}
        onImport={() => submit(uploadId, false, options)}
        onReset={reset}
      />
    );
  }
  return <Working job={dry.data} text={words.reading} onReset={reset} />;
}

function useJob(id: string | null) {
  return useQuery({ ...jobQuery(id ?? ""), enabled: id !== null });
}

function Working({ job, text, onReset }: { job: Job | undefined; text: string; onReset: () => void }) {
  if (job?.state === "failed" || job?.state === "cancelled") return <Failed job={job} onReset={onReset} />;
  return (
    <Stack gap="sm">
      <Text>{text}</Text>
      {job === undefined ? <ProgressBar label={text} done={0} total={0} /> : <JobProgress job={job} />}
    </Stack>
  );
}

function Failed({ job, onReset }: { job: Job; onReset: () => void }) {
  return (
    <Stack>
      <ErrorBox title={words.failed} error={job.error ?? job.state} />
      <Text c="dimmed">{words.nothingChanged}</Text>
      <Group>
        <Button variant="default" onClick={onReset}>
          {words.otherFile}
        </Button>
      </Group>
    </Stack>
  );
}

function Outcome({ job, onClose, onReset }: { job: Job | undefined; onClose: () => void; onReset: () => void }) {
  if (job?.state !== "succeeded") return <Working job={job} text={words.importing} onReset={onReset} />;
  const report = reportOf(job);
  return (
    <Stack>
      <Alert color="green" icon={<IconCheck aria-hidden />} title={words.done} role="status">
        {report !== undefined &&
          words.doneBody(
            plural(report.images_added, "image"),
            count(report.images_updated),
            count(report.images_skipped),
          )}
      </Alert>
      <Group justify="end">
        <Button variant="default" onClick={onReset}>
          {words.otherFile}
        </Button>
        <Button onClick={onClose} data-autofocus>
          {words.showImages}
        </Button>
      </Group>
    </Stack>
  );
}
