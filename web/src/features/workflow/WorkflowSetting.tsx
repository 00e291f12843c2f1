import { Stack, Text } from "@mantine/core";
import type { Project } from "../../api/types";
import { notifyDone } from "../../components/notify";
import { Segments } from "../../components/Segments";
import { work } from "../../strings/work";
import { useUpdateProject } from "../projects/mutations";

const { settings: words } = work;
const CHOICES = ["auto", "on", "off"] as const;

/** Whether images of the project are assigned and reviewed. */
export function WorkflowSetting({ project, fixed }: { project: Project; fixed: boolean }) {
  const update = useUpdateProject(project.id);
  const set = (value: string) => {
    const workflow = CHOICES.find((one) => one === value);
    if (workflow !== undefined) update.mutate({ workflow }, { onSuccess: () => notifyDone(words.saved) });
  };
  return (
    <Stack gap="sm" align="start">
      <Text c="dimmed">{words.hint}</Text>
      <Segments
        aria-label={words.label}
        disabled={fixed}
        data={CHOICES.map((value) => ({ value, label: words[value] }))}
        value={project.workflow}
        onChange={set}
      />
    </Stack>
  );
}
