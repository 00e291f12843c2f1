import { Stack, Text } from "@mantine/core";
import type { TrainingAdvice } from "../../api/types";
import { training as words } from "../../strings/training";
import { labelOf } from "./parameters";

/** What a training would choose for the project's data, and why. */
export function Choices({ advice }: { advice: readonly TrainingAdvice[] }) {
  if (advice.length === 0) return null;
  return (
    <Stack gap={2} component="section" aria-label={words.choicesTitle}>
      <Text fw={600}>{words.choicesTitle}</Text>
      {advice.map((one) => (
        <Text key={one.name} size="sm" c="dimmed">
          {words.choice(labelOf(one.name), one.value, one.why, one.hint)}
        </Text>
      ))}
    </Stack>
  );
}
