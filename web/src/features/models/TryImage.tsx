import { Button, Fieldset, Group, Select, Text } from "@mantine/core";
import { useElementSize } from "@mantine/hooks";
import { IconPlayerPlay } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { api, call } from "../../api/client";
import { keys } from "../../api/keys";
import { urls } from "../../api/queries";
import { milliseconds, plural } from "../../lib/format";
import { foreign as words } from "../../strings/foreign";
import { Boxes } from "../predictions/Boxes";
import type { Inspection } from "./cardDraft";

interface Props {
  projectId: string;
  inspection: Inspection;
  busy: boolean;
  disabled: boolean;
  onTest: (imageId: string) => void;
}

const LIMIT = 100;

/** Try the model on one image of the project before anything is saved. */
export function TryImage({ projectId, inspection, busy, disabled, onTest }: Props) {
  const images = useQuery({
    queryKey: keys.images(projectId, { trial: LIMIT }),
    queryFn: () =>
      call(
        api.GET("/api/v1/projects/{project_id}/images", {
          params: { path: { project_id: projectId }, query: { limit: LIMIT, order: "name" } },
        }),
      ),
  });
  const list = images.data?.items ?? [];
  const [chosen, choose] = useState<string | null>(null);
  const imageId = chosen ?? list[0]?.id ?? null;
  const { trial } = inspection;
  const tried = list.find((one) => one.id === trial?.image_id);
  // What outlines by clicks finds nothing by itself.
  if (inspection.card.task === "assist") return null;
  if (images.isSuccess && list.length === 0) {
    return (
      <Text size="sm" c="dimmed">
        {words.noImages}
      </Text>
    );
  }
  return (
    <Fieldset legend={words.test}>
      <Group align="end">
        <Select
          label={words.image}
          searchable
          allowDeselect={false}
          style={{ flex: "1 1 200px" }}
          data={list.map((one) => ({ value: one.id, label: one.name }))}
          value={imageId}
          onChange={choose}
        />
        <Button
          variant="default"
          loading={busy}
          disabled={disabled || imageId === null}
          leftSection={<IconPlayerPlay size={16} aria-hidden />}
          onClick={() => imageId !== null && onTest(imageId)}
        >
          {words.test}
        </Button>
      </Group>
      {trial !== null && trial !== undefined && (
        <Found trial={trial} name={tried?.name ?? ""} inspection={inspection} />
      )}
    </Fieldset>
  );
}

interface FoundProps {
  trial: NonNullable<Inspection["trial"]>;
  name: string;
  inspection: Inspection;
}

function Found({ trial, name, inspection: { card } }: FoundProps) {
  const { ref, width } = useElementSize();
  return (
    <>
      <Text size="sm" my="xs" role="status">
        {words.found(
          plural(trial.detections.length, "object"),
          milliseconds(trial.milliseconds),
          card.score_threshold.toFixed(2),
        )}
      </Text>
      <div
        ref={ref}
        style={{
          position: "relative",
          width: "100%",
          maxWidth: `min(100%, calc(60vh * ${trial.width / trial.height}))`,
          aspectRatio: `${trial.width} / ${trial.height}`,
        }}
      >
        <img src={urls.view(trial.image_id)} alt={words.shown(name)} style={{ width: "100%", height: "100%" }} />
        <Boxes
          image={trial}
          detections={trial.detections}
          colorOf={(id) => card.classes[id]?.color ?? "#E69F00"}
          labels
          shownWidth={width}
        />
      </div>
    </>
  );
}
