import { Button, Loader, Stack, Text } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { api, call } from "../../api/client";
import { keys } from "../../api/keys";
import { ErrorBox } from "../../components/ErrorBox";
import { notifyDone } from "../../components/notify";
import { foreign as words } from "../../strings/foreign";
import { models } from "../../strings/models";
import { ChooseFile } from "../exchange/ChooseFile";
import type { Uploads } from "../exchange/resumable";
import { Sending } from "../exchange/Sending";
import { useUploads } from "../exchange/useUploads";
import { CardEditor } from "./CardEditor";
import type { Changes, Inspection } from "./cardDraft";

interface Props {
  projectId: string;
  onClose: () => void;
}

/** Upload a file, see what it holds, correct that, add it. */
export function AddModelFlow({ projectId, onClose }: Props) {
  const client = useQueryClient();
  const { share, send: upload } = useUploads();
  const params = { path: { project_id: projectId } };
  const inspect = (uploads: Uploads, changes: Changes, image_id?: string) =>
    call(
      api.POST("/api/v1/projects/{project_id}/models/inspect", {
        params,
        body: { ...changes, ...uploads, ...(image_id === undefined ? {} : { image_id }) },
      }),
    ) as Promise<Inspection>;
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
    return <Sending label={label} share={share} onStop={onClose} />;
  }
  return (
    <ChooseFile
      onFiles={(files) => upload.mutate(files, { onSuccess: (uploads) => first.mutate(uploads) })}
      several
      body={words.chooseBody}
      action={words.choose}
      drop={words.dropHere}
      accept=".onnx,.zip,.cfg,.weights,.names,.safetensors,.json"
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
