import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { api, call } from "../../api/client";
import { keys } from "../../api/keys";
import { show } from "../../api/show";
import type { Model } from "../../api/types";
import { notifyDone } from "../../components/notify";
import { models as words } from "../../strings/models";

export const evaluationsQuery = (modelId: string) =>
  queryOptions({
    queryKey: keys.evaluations(modelId),
    queryFn: () => call(api.GET("/api/v1/models/{model_id}/evaluations", { params: { path: { model_id: modelId } } })),
  });

export function useModelChanges(model: Model) {
  const client = useQueryClient();
  const params = { path: { model_id: model.id } };
  const refresh = () => void client.invalidateQueries({ queryKey: keys.models(model.project_id) });
  const rename = useMutation({
    mutationFn: (name: string) => call(api.PATCH("/api/v1/models/{model_id}", { params, body: { name } })),
    onSuccess: (changed) => {
      show(client, keys.model(model.id), changed);
      notifyDone(words.renamed);
      refresh();
    },
  });
  const remove = useMutation({
    mutationFn: () => call(api.DELETE("/api/v1/models/{model_id}", { params })),
    onSuccess: () => {
      notifyDone(words.deleted(model.name));
      refresh();
    },
  });
  return { rename, remove };
}
