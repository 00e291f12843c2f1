import { Select, Stack } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { architecturesQuery, startingWeightsQuery } from "../../api/queries";
import type { Task } from "../../api/types";
import { training as words } from "../../strings/training";
import { Weights } from "./Weights";

interface Props {
  projectId: string;
  task: Task;
  architecture: string;
  onArchitecture: (name: string) => void;
}

/** Which network learns, what it is, and its weights where it cannot begin without. */
export function ArchitectureField({ projectId, task, architecture, onArchitecture }: Props) {
  const all = useQuery(architecturesQuery);
  const about = all.data?.find((one) => one.name === architecture);
  const fitting = (all.data ?? []).filter((one) => one.task === task);
  const groups = [true, false].map((own) => ({
    group: own ? words.fromNothing : words.fromLearned,
    items: fitting
      .filter((one) => one.starts_empty === own)
      .map((one) => ({ value: one.name, label: words.architectureLabels[one.name] ?? one.title })),
  }));
  return (
    <Stack gap="xs">
      <Select
        label={words.architecture}
        description={about === undefined ? words.architectureHint : words.about(about)}
        data={groups.filter((group) => group.items.length > 0)}
        value={architecture}
        allowDeselect={false}
        onChange={(name) => {
          if (name !== null) onArchitecture(name);
        }}
      />
      {about !== undefined && !about.starts_empty && <Weights key={about.name} projectId={projectId} about={about} />}
    </Stack>
  );
}

/** Whether a network can begin: with a model (`weights`), from nothing, or with learned weights that are here. */
export function useCanBegin(architecture: string, model: string): boolean {
  const all = useQuery(architecturesQuery);
  const weights = useQuery(startingWeightsQuery);
  const about = all.data?.find((one) => one.name === architecture);
  if (model !== "" || about === undefined || about.starts_empty) return true;
  return (weights.data ?? []).some((one) => one.architecture === architecture);
}
