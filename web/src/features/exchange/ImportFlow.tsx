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
import { FromAddress } from "./FromAddress";
import { ImportReview } from "./ImportReview";
import { DEFAULT_OPTIONS, mayStay, type ImportInput } from "./importOptions";
import { fetchedOf, reportOf } from "./report";
import { ReportFile } from "./ReportFile";
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
  const [input, setInput] = useState<ImportInput | null>(null);
  const [address, setAddress] = useState("");
  const [options, setOptions] = useState(DEFAULT_OPTIONS);
  const [dryId, setDryId] = useState<string | null>(null);
  const [realId, setRealId] = useState<string | null>(null);
  const upload = useUploads();
  const start = useStartJob();
  const dry = useJob(dryId);
  const real = useJob(realId);

  const submit = (from: ImportInput, dry_run: boolean) => {
    setInput(from);
    start.mutate(
      {
        kind: "import",
        project_id: projectId,
        dry_run,
        ...from,
        ...options,
        by_reference: options.by_reference && !dry_run,
      },
      { onSuccess: (job) => (dry_run ? setDryId : setRealId)(job.id) },
    );
  };
  const begin = (chosen: File) => {
    setFile(chosen);
    upload.send.mutate([chosen], { onSuccess: ({ upload_id }) => submit({ upload_id, source: "" }, true) });
  };
  const begun = useRef(false);
  useEffect(() => {
    if (given === null || begun.current) return;
    begun.current = true;
    begin(given);
  });
  const reset = () => {
    setFile(null);
    setInput(null);
    setAddress("");
    setDryId(null);
    setRealId(null);
    setOptions(DEFAULT_OPTIONS);
    upload.send.reset();
    start.reset();
  };

  if (file !== null && upload.send.isError) {
    return <ErrorBox title={words.interrupted} error={upload.send.error} onRetry={() => begin(file)} />;
  }
  if (file !== null && input === null) {
    return <Sending label={words.uploading(file.name)} share={upload.share} onStop={onClose} />;
  }
  if (input === null) {
    return (
      <Stack>
        <ChooseFile onFiles={([chosen]) => begin(chosen)} />
        <FromAddress
          onAddress={(source) => {
            setAddress(source);
            submit({ upload_id: "", source }, true);
          }}
        />
      </Stack>
    );
  }
  if (start.isError && dryId === null) {
    return (
      <Stack>
        <ErrorBox error={start.error} onRetry={() => submit(input, true)} />
        <Again onReset={reset} />
      </Stack>
    );
  }
  if (realId !== null) return <Outcome job={real.data} onClose={onClose} onReset={reset} />;
  const report = reportOf(dry.data);
  const kept = fetchedOf(dry.data) ?? input;
  if (report !== undefined) {
    return (
      <ImportReview
        projectId={projectId}
        jobId={dryId ?? ""}
        report={report}
        options={options}
        busy={start.isPending}
        onOptions={setOptions}
        onAgain={() => {
          setDryId(null);
          submit(kept, true);
        }}
        onImport={() => submit(options.by_reference ? { upload_id: "", source: address } : kept, false)}
        mayStay={mayStay(address)}
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
      <Again onReset={onReset} />
    </Stack>
  );
}

function Again({ onReset }: { onReset: () => void }) {
  return (
    <Group>
      <Button variant="default" onClick={onReset}>
        {words.otherFile}
      </Button>
    </Group>
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
      <ReportFile jobId={job.id} />
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
