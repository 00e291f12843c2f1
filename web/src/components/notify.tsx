import { Button, Group, Text } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { ApiError, messageOf } from "../api/client";
import { common } from "../strings/common";

const UNDO_MS = 10_000;

/** Say that something was done. */
export function notifyDone(message: string): void {
  notifications.show({ message, autoClose: 4000, withBorder: true });
}

/** Say what went wrong, in the server's words. A lost session shows its own page instead. */
export function notifyError(error: unknown, title?: string): void {
  if (error instanceof ApiError && error.status === 401) return;
  notifications.show({
    message: messageOf(error),
    color: "red",
    autoClose: 12_000,
    withBorder: true,
    role: "alert",
    ...(title === undefined ? {} : { title }),
  });
}

/** Say what was done and offer to take it back. */
export function notifyUndo(message: string, undo: () => unknown): void {
  const id = notifications.show({
    autoClose: UNDO_MS,
    withBorder: true,
    message: (
      <Group justify="space-between" wrap="nowrap">
        <Text>{message}</Text>
        <Button
          size="compact-sm"
          variant="light"
          style={{ flex: "none" }}
          onClick={() => {
            notifications.hide(id);
            Promise.resolve(undo()).catch((error: unknown) => notifyError(error));
          }}
        >
          {common.undo}
        </Button>
      </Group>
    ),
  });
}
