import { Button, Loader, Stack, Text } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import { api, call } from "../../api/client";
import { keys } from "../../api/keys";
import { ErrorBox } from "../../components/ErrorBox";
import { notifyDone } from "../../components/notify";
import { ProgressBar } from "../../components/ProgressBar";
import { foreign as words } from "../../strings/foreign";
import { models } from "../../strings/models";
import { ChooseFile } from "../exchange/ChooseFile";
import { uploadResumable } from "../exchange/resumable";
import { CardEditor } from "./CardEditor";
import type { Changes, Inspection } from "./cardDraft";

interface Uploads {
  upload_id: string;
  more: string[];
}

interface Props {
  projectId: string;
  onClose: () => void;
}

/** Upload a file, see what it holds, correct that, add it. */
export function AddModelFlow({ projectId, onClose }: Props) {
  const client = useQueryClient();
  const [share, setShare] = useState(0);
  const aborter = useRef(new AbortController());
  useEffect(() => {
    const mine = new AbortController();
    aborter.current = mine;
    return () => mine.abort();
  }, []);
  const params = { path: { project_id: projectId } };
  const inspect = (uploads: Uploads, changes: Changes, image_id?: string) =>
    call(
      api.POST("/api/v1/projects/{project_id}/models/inspect", {
        params,
        body: { ...changes, ...uploads, ...(image_id === undefined ? {} : { image_id }) },
      }),
    ) as Promise<Inspection>;
  const upload = useMutation({
    mutationFn: (files: readonly [File, ...File[]]) => sendAll(files, setShare, aborter.current.signal),
    meta: { quiet: true },
    onSuccess: (uploads) => first.mutate(uploads),
  });
  const first = useMutation({ mutationFn: (uploads: Uploads) => inspect(uploads, {}), meta: { quiet: true } });
  const save = async (uploads: Uploads, changes: Changes) => {
    const model = await call(
      api.POST("/api/v1/projects/{project_id}/models", { params, body: { ...changes, ...uploads } }),
    );
    void client.invalidateQueries({ queryKey: keys.models(projectId) });
    notifyDone(models.imported(model.name));
    onClose();
  };
  const reset = () => {
    setShare(0);
    upload.reset();
    first.reset();
  };

  const failure = upload.error ?? first.error;
  if (failure !== null) {
    return (
      <Stack align="start">
        <ErrorBox title={words.refused} error={failure} />
        <Button onClick={reset}>{words.another}</Button>
      </Stack>
    );
  }
  if (upload.data !== undefined && first.data !== undefined) {
    const uploads = upload.data;
    return (
      <CardEditor
        projectId={projectId}
        first={first.data}
        action={words.save}
        look={(changes, imageId) => inspect(uploads, changes, imageId)}
        save={(changes) => save(uploads, changes)}
        onCancel={onClose}
      />
    );
  }
  if (upload.isSuccess) return <Looking />;
  if (upload.isPending) {
    const label = words.uploading(upload.variables.map((file) => file.name).join(", "));
    return (
      <Stack gap="sm">
        <Text>{label}</Text>
        <ProgressBar label={label} done={share} total={1} />
      </Stack>
    );
  }
  return (
    <ChooseFile
      onFiles={(files) => upload.mutate(files)}
      several
      body={words.chooseBody}
      action={words.choose}
      drop={words.dropHere}
      accept=".onnx,.zip,.cfg,.weights,.names,.safetensors,.json"
    />
  );
}

/** Upload files that make one model, one after the other. */
async function sendAll(
  files: readonly [File, ...File[]],
  onProgress: (share: number) => void,
  signal: AbortSignal,
): Promise<Uploads> {
  const total = files.reduce((sum, file) => sum + file.size, 0);
  const ids: string[] = [];
  let before = 0;
  for (const file of files) {
    const start = before;
    ids.push(
      await uploadResumable(file, { onProgress: (part) => onProgress((start + part * file.size) / total), signal }),
    );
    before += file.size;
  }
  const [upload_id = "", ...more] = ids;
  return { upload_id, more };
}

/** While the server tries the model. */
export function Looking() {
  return (
    <Stack align="center" role="status" py="xl">
      <Loader aria-hidden />
      <Text>{words.looking}</Text>
      <Text size="sm" c="dimmed" ta="center">
        {words.lookingBody}
      </Text>
    </Stack>
  );
}
