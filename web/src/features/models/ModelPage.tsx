import { Button, Text, Title, Tooltip } from "@mantine/core";
import { IconDownload, IconWand } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { modelQuery, urls } from "../../api/queries";
import type { Model } from "../../api/types";
import { InlineName } from "../../components/InlineName";
import { Loaded } from "../../components/Loaded";
import { notifyDone } from "../../components/notify";
import { useTitle } from "../../components/Page";
import { common } from "../../strings/common";
import { models as words } from "../../strings/models";
import { training } from "../../strings/training";
import { useMay } from "../people/useMay";
import { ModelFacts } from "./ModelFacts";
import { ModelMenu } from "./ModelMenu";
import { ModelReport } from "./ModelReport";
import { useModelChanges } from "./useModel";
import css from "./models.module.css";
import { LinkButton } from "../../components/links";

const route = getRouteApi("/projects/$projectId/models/$modelId");

/** One model: how good it is, what it learned from, and what can be done with it. */
export function ModelPage() {
  const { modelId } = route.useParams();
  const model = useQuery(modelQuery(modelId));
  useTitle(model.data?.name ?? words.title);
  return (
    <div className={css.page}>
      {model.data === undefined && <Title order={1}>{words.title}</Title>}
      <Loaded query={model}>
        {(data) => (
          <>
            <Head model={data} />
            {data.task === "assist" ? <ModelFacts model={data} /> : <ModelReport model={data} />}
          </>
        )}
      </Loaded>
    </div>
  );
}

function Head({ model }: { model: Model }) {
  const { rename } = useModelChanges(model);
  const may = useMay(model.project_id);
  return (
    <div className={css.head}>
      <div style={{ minWidth: 0 }}>
        {may("manage") ? (
          <InlineName
            name={rename.isPending ? rename.variables : model.name}
            label={words.rename}
            onSave={(name) => rename.mutate(name)}
          />
        ) : (
          <Title order={1}>{model.name}</Title>
        )}
        <Text c="dimmed">{training.architectureNames[model.architecture] ?? model.architecture}</Text>
      </div>
      <div className={css.actions}>
        {may("predict") && model.task !== "assist" && (
          <LinkButton
            to="/projects/$projectId/predict"
            params={{ projectId: model.project_id }}
            search={{ model: model.id }}
            leftSection={<IconWand size={16} aria-hidden />}
          >
            {words.predict}
          </LinkButton>
        )}
        <Tooltip label={model.task === "assist" ? words.downloadPairTitle : words.downloadTitle}>
          <Button
            component="a"
            href={urls.model(model.id)}
            download
            variant="default"
            leftSection={<IconDownload size={16} aria-hidden />}
            onClick={() => notifyDone(words.downloading)}
          >
            {common.download}
          </Button>
        </Tooltip>
        {may("manage") && <ModelMenu model={model} />}
      </div>
    </div>
  );
}
