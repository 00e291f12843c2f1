import { Modal } from "@mantine/core";
import { useMediaQuery } from "@mantine/hooks";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { api, call } from "../../api/client";
import { keys } from "../../api/keys";
import { show } from "../../api/show";
import type { Model } from "../../api/types";
import { Loaded } from "../../components/Loaded";
import { notifyDone } from "../../components/notify";
import { foreign as words } from "../../strings/foreign";
import { Looking } from "./AddModelFlow";
import { CardEditor } from "./CardEditor";
import type { Changes, Inspection } from "./cardDraft";

interface Props {
  model: Model;
  onClose: () => void;
}

/** Change how a model from elsewhere is fed and read. */
export function CorrectModel({ opened, ...props }: Props & { opened: boolean }) {
  const narrow = useMediaQuery("(max-width: 48em)");
  return (
    <Modal opened={opened} onClose={props.onClose} title={words.correctTitle} size="xl" fullScreen={narrow}>
      <Flow {...props} />
    </Modal>
  );
}

function Flow({ model, onClose }: Props) {
  const client = useQueryClient();
  const params = { path: { model_id: model.id } };
  const look = (changes: Changes, image_id?: string) =>
    call(
      api.POST("/api/v1/models/{model_id}/inspect", {
        params,
        body: { ...changes, ...(image_id === undefined ? {} : { image_id }) },
      }),
    ) as Promise<Inspection>;
  const first = useQuery({ queryKey: keys.look(model.id), queryFn: () => look({}), gcTime: 0, retry: false });
  const save = async (changes: Changes) => {
    const changed = await call(api.PATCH("/api/v1/models/{model_id}", { params, body: changes }));
    show(client, keys.model(model.id), changed);
    void client.invalidateQueries({ queryKey: keys.models(model.project_id) });
    notifyDone(words.corrected);
    onClose();
  };
  return (
    <Loaded query={first} skeleton={<Looking />}>
      {(inspection) => (
        <CardEditor
          projectId={model.project_id}
          first={inspection}
          action={words.saveCorrections}
          look={look}
          save={save}
          onCancel={onClose}
        />
      )}
    </Loaded>
  );
}
