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
  const inspect = (upload_id: string, changes: Changes, image_id?: string) =>
    call(
      api.POST("/api/v1/projects/{project_id}/models/inspect", {
        params,
        body: { ...changes, upload_id, ...(image_id === undefined ? {} : { image_id }) },
      }),
    ) as Promise<Inspection>;
  const upload = useMutation({
    mutationFn: (file: File) => uploadResumable(file, { onProgress: setShare, signal: aborter.current.signal }),
    meta: { quiet: true },
    onSuccess: (id) => first.mutate(id),
  });
  const first = useMutation({ mutationFn: (id: string) => inspect(id, {}), meta: { quiet: true } });
  const save = async (upload_id: string, changes: Changes) => {
    const model = await call(
      api.POST("/api/v1/projects/{project_id}/models", { params, body: { ...changes, upload_id } }),
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
    const id = upload.data;
    return (
      <CardEditor
        projectId={projectId}
        first={first.data}
        action={words.save}
        look={(changes, imageId) => inspect(id, changes, imageId)}
        save={(changes) => save(id, changes)}
        onCancel={onClose}
      />
    );
  }
  if (upload.isSuccess) return <Looking />;
  if (upload.isPending) {
    const label = words.uploading(upload.variables.name);
    return (
      <Stack gap="sm">
        <Text>{label}</Text>
        <ProgressBar label={label} done={share} total={1} />
      </Stack>
    );
  }
  return (
    <ChooseFile
      onFile={(file) => upload.mutate(file)}
      body={words.chooseBody}
      action={words.choose}
      drop={words.dropHere}
      accept=".onnx,.zip"
    />
  );
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
