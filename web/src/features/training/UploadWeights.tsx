import { Button, Group, List, Modal, Stack, Text, TextInput } from "@mantine/core";
import { useMediaQuery } from "@mantine/hooks";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { api, call } from "../../api/client";
import { startingWeightsQuery } from "../../api/queries";
import type { Architecture } from "../../api/types";
import { ErrorBox } from "../../components/ErrorBox";
import { notifyDone } from "../../components/notify";
import { ProgressBar } from "../../components/ProgressBar";
import { bytes } from "../../lib/format";
import { common } from "../../strings/common";
import { weights as words } from "../../strings/weights";
import { ChooseFile } from "../exchange/ChooseFile";
import type { Files, Uploads } from "../exchange/resumable";
import { Sending } from "../exchange/Sending";
import { useUploads } from "../exchange/useUploads";
import { weightsAmong } from "./weightsFiles";

interface Props {
  projectId: string;
  about: Architecture;
  onClose: () => void;
}

/** Bring the weights of a network from this computer. */
export function UploadWeights({ opened, ...props }: Props & { opened: boolean }) {
  const narrow = useMediaQuery("(max-width: 48em)");
  return (
    <Modal
      opened={opened}
      onClose={props.onClose}
      title={words.bringTitle(props.about.title)}
      size="lg"
      fullScreen={narrow}
    >
      <Flow {...props} />
    </Modal>
  );
}

/** Choose files, say what they are, upload; whatever is refused leaves what was said. */
function Flow({ projectId, about, onClose }: Props) {
  const [chosen, setChosen] = useState<ReturnType<typeof weightsAmong> | null>(null);
  const [source, setSource] = useState("");
  const [licence, setLicence] = useState("");
  const { share, send } = useUploads();
  const client = useQueryClient();
  const add = useMutation({
    meta: { quiet: true },
    mutationFn: async (files: Files) => {
      const uploads = await send.mutateAsync(files);
      const said = { architecture: about.name, licence: licence.trim(), source: source.trim() };
      const params = { path: { project_id: projectId } };
      return call(
        api.POST("/api/v1/projects/{project_id}/starting-weights", { params, body: { ...uploads, ...said } }),
      ).catch((error: unknown) => {
        forget(uploads);
        throw error;
      });
    },
    onSuccess: (found) => {
      void client.invalidateQueries(startingWeightsQuery);
      notifyDone(words.added(found.name));
      onClose();
    },
  });
  const files = chosen === null || typeof chosen === "string" ? null : chosen;
  if (send.isPending) return <Sending label={words.uploading} share={share} onStop={onClose} />;
  if (add.isPending) {
    return (
      <Stack gap="sm" role="status">
        <Text>{words.checking}</Text>
        <ProgressBar label={words.checking} done={0} total={0} />
      </Stack>
    );
  }
  return (
    <Stack>
      {typeof chosen === "string" && <ErrorBox title={words.refused} error={words.problems[chosen]} />}
      {add.error !== null && <ErrorBox title={words.refused} error={add.error} />}
      {files === null ? (
        <ChooseFile
          onFiles={(list) => setChosen(weightsAmong(list))}
          several
          body={words.chooseBody}
          action={words.choose}
          drop={words.drop}
          accept=".safetensors,.json,.zip,.tar,.tgz,.gz"
        />
      ) : (
        <Chosen
          files={files}
          onChange={() => {
            add.reset();
            setChosen(null);
          }}
        />
      )}
      <TextInput
        label={words.source}
        description={words.sourceHint}
        required
        maxLength={500}
        value={source}
        onChange={(event) => setSource(event.currentTarget.value)}
      />
      <TextInput
        label={words.licence}
        description={words.licenceHint}
        placeholder={words.licenceExample(about.licence)}
        required
        maxLength={200}
        value={licence}
        onChange={(event) => setLicence(event.currentTarget.value)}
      />
      <Group justify="end">
        <Button variant="default" onClick={onClose}>
          {common.cancel}
        </Button>
        <Button
          disabled={files === null || source.trim() === "" || licence.trim() === ""}
          onClick={() => {
            if (files !== null) add.mutate(files);
          }}
        >
          {words.add}
        </Button>
      </Group>
    </Stack>
  );
}

function Chosen({ files, onChange }: { files: Files; onChange: () => void }) {
  return (
    <Group justify="space-between" align="start">
      <List aria-label={words.chosen} listStyleType="none" style={{ overflowWrap: "anywhere" }}>
        {files.map((file) => (
          <List.Item key={file.name}>
            {file.name}{" "}
            <Text span c="dimmed">
              {bytes(file.size)}
            </Text>
          </List.Item>
        ))}
      </List>
      <Button variant="default" size="compact-md" onClick={onChange}>
        {words.change}
      </Button>
    </Group>
  );
}

/** Refused files would lie at the server for a while; that they do is no trouble. */
function forget({ upload_id, more }: Uploads): void {
  for (const id of [upload_id, ...more]) {
    void api.DELETE("/api/v1/uploads/{upload_id}", { params: { path: { upload_id: id } } }).catch(() => undefined);
  }
}
