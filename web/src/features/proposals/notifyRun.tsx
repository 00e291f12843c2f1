import { Button, Group, Text } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import type { Job } from "../../api/types";
import { notifyDone } from "../../components/notify";
import { proposals as words } from "../../strings/proposals";
import type { Outcome } from "./outcome";
import { UndoRun } from "./UndoRun";

const LOOK_MS = 15_000;

/** Say what a run proposes or an import brought, lead there, and offer to take it back to whoever may. */
export function notifyRun(job: Job, run: Outcome, review: () => void): void {
  const proposing = run.kind === "label";
  if (proposing && run.proposals === 0) {
    notifyDone(run.text);
    return;
  }
  const id = notifications.show({
    autoClose: LOOK_MS,
    withBorder: true,
    message: (
      <Group justify="space-between" wrap="nowrap">
        <Text>{run.text}</Text>
        <Group gap="xs" wrap="nowrap" style={{ flex: "none" }}>
          <UndoRun job={job} size="compact-sm" onDone={() => notifications.hide(id)} />
          {proposing && (
            <Button
              size="compact-sm"
              variant="light"
              onClick={() => {
                notifications.hide(id);
                review();
              }}
            >
              {words.review}
            </Button>
          )}
        </Group>
      </Group>
    ),
  });
}
