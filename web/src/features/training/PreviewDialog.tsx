import { Image, Modal, Select, SimpleGrid, Stack, Text } from "@mantine/core";
import { useState } from "react";
import type { AugmentationPreset } from "../../api/types";
import { training as words } from "../../strings/training";
import type { Values } from "./parameters";

const SHOWN = [0, 1, 2, 3, 4, 5];

interface Props {
  projectId: string;
  presets: readonly AugmentationPreset[];
  /** What differs from the defaults, with the chosen preset. */
  hyper: Values;
  onChoose: (preset: string) => void;
  onClose: () => void;
}

/** Training pictures as the network would see them, with their boxes. */
export function PreviewDialog({ projectId, presets, hyper, onChoose, onClose }: Props) {
  const chosen = String(hyper["augment"] ?? "default");
  return (
    <Modal opened onClose={onClose} title={words.previewTitle} size="xl">
      <Stack>
        <Select
          label={words.names["augment"]}
          description={presets.find((one) => one.name === chosen)?.help}
          data={presets.map(({ name }) => ({ value: name, label: words.presets[name] ?? name }))}
          value={chosen}
          allowDeselect={false}
          onChange={(value) => value !== null && onChoose(value)}
        />
        <SimpleGrid cols={{ base: 2, sm: 3 }} spacing="sm">
          {SHOWN.map((index) => (
            <View key={`${index} ${JSON.stringify(hyper)}`} projectId={projectId} hyper={hyper} index={index} />
          ))}
        </SimpleGrid>
        <Text c="dimmed" size="sm">
          {words.previewHint}
        </Text>
      </Stack>
    </Modal>
  );
}

function View({ projectId, hyper, index }: { projectId: string; hyper: Values; index: number }) {
  const [failed, setFailed] = useState(false);
  const query = new URLSearchParams({ hyper: JSON.stringify(hyper), index: String(index) });
  if (failed) return <Text c="red">{words.previewFailed}</Text>;
  return (
    <Image
      src={`/api/v1/projects/${projectId}/training/preview?${query.toString()}`}
      alt={words.previewOf(index + 1)}
      radius="sm"
      bg="var(--mantine-color-default-hover)"
      style={{ aspectRatio: 1 }}
      onError={() => {
        setFailed(true);
      }}
    />
  );
}
