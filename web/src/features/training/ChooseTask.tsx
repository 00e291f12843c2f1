import { Input, SegmentedControl, Stack, Text } from "@mantine/core";
import type { Task } from "../../api/types";
import { training as words } from "../../strings/training";

const TASKS: readonly Task[] = ["detect", "segment"];

interface Props {
  task: Task;
  /** Why the chosen one cannot be trained. */
  problem: string | null;
  onChange: (task: Task) => void;
}

/** What a training learns to find: boxes, or outlines too. */
export function ChooseTask({ task, problem, onChange }: Props) {
  return (
    <Stack gap={4} align="flex-start">
      <Input.Label id="training-task">{words.task}</Input.Label>
      <SegmentedControl
        aria-labelledby="training-task"
        data={TASKS.map((value) => ({ value, label: words.tasks[value] }))}
        value={task}
        onChange={onChange}
      />
      {problem === null ? (
        <Text size="sm" c="dimmed">
          {words.taskHints[task]}
        </Text>
      ) : (
        <Text size="sm" c="red" role="alert">
          {problem}
        </Text>
      )}
    </Stack>
  );
}
