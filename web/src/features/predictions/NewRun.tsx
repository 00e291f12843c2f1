import {
  Button,
  Group,
  Paper,
  SegmentedControl,
  Select,
  SimpleGrid,
  Stack,
  Text,
  TextInput,
  Title,
} from "@mantine/core";
import { IconPhotoPlus, IconPlayerPlay } from "@tabler/icons-react";
import { useNavigate } from "@tanstack/react-router";
import { useEffect, useMemo, useRef, useState, useSyncExternalStore } from "react";
import type { Looks, Model, Split } from "../../api/types";
import { ProgressBar } from "../../components/ProgressBar";
import { useFileDrop } from "../../components/useFileDrop";
import { fromInput, type Picked } from "../../lib/files";
import { count, plural } from "../../lib/format";
import { common } from "../../strings/common";
import { predictions as words } from "../../strings/predictions";
import { refuseNonPicture } from "../images/libraryUploads";
import { UploadList } from "../images/UploadList";
import type { Snapshot } from "../images/uploadQueue";
import { useStartJob } from "../jobs/useJobs";
import { LooksFields, ONCE } from "./LooksFields";
import { runUploads, useCreateRun } from "./useRuns";
import css from "./predictions.module.css";

interface Props {
  projectId: string;
  models: readonly Model[];
  wanted: string | undefined;
}

type Source = "upload" | "project";
/** Everything above this is kept, so that the threshold can be moved afterwards. */
const KEPT_SCORE = 0.05;

/** What a run keeps: enough to move the slider, and whatever a class is believed from. */
function keptScore(model: Model | undefined): number {
  return Math.min(KEPT_SCORE, ...(model?.card.classes ?? []).map(({ threshold }) => threshold ?? KEPT_SCORE));
}
const SPLITS: readonly Split[] = ["train", "val", "test", "none"];

/** Model and images of a new run; it starts as soon as its images have arrived. */
export function NewRun({ projectId, models, wanted }: Props) {
  const [modelId, setModelId] = useState(models.find((one) => one.id === wanted)?.id ?? models[0]?.id ?? "");
  const [source, setSource] = useState<Source>("upload");
  const [split, setSplit] = useState("");
  const [name, setName] = useState("");
  const [files, setFiles] = useState<readonly Picked[]>([]);
  const [looks, setLooks] = useState<Looks>(ONCE);
  const [runId, setRunId] = useState<string | null>(null);
  const create = useCreateRun(projectId);
  const begin = useBegin(projectId, looks);
  const over = useFileDrop((dropped) => setFiles((old) => [...old, ...dropped]), source === "upload" && runId === null);
  const ready = modelId !== "" && (source === "project" || files.length > 0);
  const submit = () =>
    create.mutate(
      {
        model_id: modelId,
        name: name.trim(),
        source,
        split: SPLITS.find((one) => source === "project" && one === split) ?? null,
        score_threshold: keptScore(models.find((one) => one.id === modelId)),
        iou_threshold: models.find((one) => one.id === modelId)?.card.iou_threshold ?? 0.6,
      },
      { onSuccess: (run) => (source === "project" ? begin(run.id) : setRunId(run.id)) },
    );
  if (runId !== null) return <Sending runId={runId} files={files} onBegin={() => begin(runId)} />;
  return (
    <Paper component="section" aria-label={words.newTitle}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (ready) submit();
        }}
      >
        <Stack>
          <Title order={2}>{words.newTitle}</Title>
          <SimpleGrid cols={{ base: 1, sm: 2 }} spacing="md">
            <Select
              label={words.model}
              data={models.map((model) => ({ value: model.id, label: model.name }))}
              value={modelId}
              onChange={(id) => setModelId(id ?? "")}
            />
            <TextInput
              label={words.runName}
              placeholder={words.runNameHint}
              maxLength={200}
              value={name}
              onChange={(event) => setName(event.currentTarget.value)}
            />
          </SimpleGrid>
          <SegmentedControl
            aria-label={words.source}
            value={source}
            onChange={setSource}
            data={[
              { value: "upload", label: words.fromFiles },
              { value: "project", label: words.fromProject },
            ]}
          />
          {source === "project" ? (
            <SplitSelect split={split} onSplit={setSplit} />
          ) : (
            <Picker files={files} over={over} onFiles={setFiles} />
          )}
          <LooksFields looks={looks} onLooks={setLooks} />
          <Group justify="end">
            {!ready && (
              <Text size="sm" c="dimmed">
                {words.startHint}
              </Text>
            )}
            <Button
              type="submit"
              size="md"
              disabled={!ready}
              loading={create.isPending}
              leftSection={<IconPlayerPlay size={18} aria-hidden />}
            >
              {words.start}
            </Button>
          </Group>
        </Stack>
      </form>
    </Paper>
  );
}

function SplitSelect({ split, onSplit }: { split: string; onSplit: (split: string) => void }) {
  return (
    <Select
      label={words.split}
      maw={280}
      data={[{ value: "", label: words.allSplits }, ...SPLITS.map((one) => ({ value: one, label: common.split[one] }))]}
      value={split}
      onChange={(value) => onSplit(value ?? "")}
    />
  );
}

/** Only what needs a decision. */
function failuresOf(snapshot: Snapshot<string>): Snapshot<string> {
  return { ...snapshot, items: snapshot.items.filter((item) => item.state === "failed") };
}

interface SendingProps {
  runId: string;
  files: readonly Picked[];
  onBegin: () => void;
}

/** Sends the pictures of a run; when all have arrived the prediction begins by itself, otherwise a person decides. */
function Sending({ runId, files, onBegin }: SendingProps) {
  const queue = useMemo(() => runUploads(), []);
  const sending = useSyncExternalStore(queue.subscribe, queue.read);
  const added = useRef(false);
  useEffect(() => {
    if (added.current) return;
    added.current = true;
    queue.add(files, runId, refuseNonPicture);
  });
  const arrived = sending.items.length > 0 && !sending.active;
  const complete = arrived && sending.failed === 0;
  const begun = useRef(false);
  useEffect(() => {
    if (!complete || begun.current) return;
    begun.current = true;
    onBegin();
  });
  return (
    <Paper component="section" aria-label={words.newTitle}>
      <Stack gap="sm">
        <Text role="status">{words.uploading(count(sending.done), plural(sending.items.length, "image"))}</Text>
        <ProgressBar label={words.fromFiles} done={sending.done + sending.failed} total={sending.items.length} />
        {sending.failed > 0 && <UploadList snapshot={failuresOf(sending)} onRetry={(id) => queue.retry(id)} />}
        {arrived && sending.failed > 0 && sending.done > 0 && (
          <Group justify="end">
            <Button onClick={onBegin}>{words.predictUploaded(plural(sending.done, "image"))}</Button>
          </Group>
        )}
      </Stack>
    </Paper>
  );
}

/** Start the job of a run and go to its page. */
function useBegin(projectId: string, looks: Looks) {
  const start = useStartJob();
  const navigate = useNavigate();
  return (runId: string) => {
    const open = () => void navigate({ to: "/projects/$projectId/predict/$runId", params: { projectId, runId } });
    // A run that could not be started is on its page with the reason and a button.
    start.mutate({ kind: "predict", project_id: projectId, run_id: runId, looks }, { onSettled: open });
  };
}

interface PickerProps {
  files: readonly Picked[];
  over: boolean;
  onFiles: (files: readonly Picked[]) => void;
}

function Picker({ files, over, onFiles }: PickerProps) {
  const input = useRef<HTMLInputElement>(null);
  return (
    <Stack align="center" gap="sm" className={css.drop} data-over={over}>
      <IconPhotoPlus size={32} stroke={1.5} aria-hidden />
      <Text fw={600} role="status">
        {files.length === 0 ? words.dropTitle : words.chosen(plural(files.length, "image"))}
      </Text>
      <Text size="sm" c="dimmed" ta="center">
        {words.dropBody}
      </Text>
      <Group gap="sm">
        <Button variant={files.length === 0 ? "filled" : "default"} onClick={() => input.current?.click()}>
          {words.chooseFiles}
        </Button>
        {files.length > 0 && (
          <Button variant="subtle" onClick={() => onFiles([])}>
            {words.clear}
          </Button>
        )}
      </Group>
      <input
        ref={input}
        type="file"
        multiple
        hidden
        accept="image/*,.tif,.tiff"
        aria-label={words.chooseFiles}
        onChange={(event) => {
          const { files: chosen } = event.currentTarget;
          if (chosen !== null) onFiles([...files, ...fromInput(chosen)]);
          event.currentTarget.value = "";
        }}
      />
    </Stack>
  );
}
