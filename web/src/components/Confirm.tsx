import { Button, Group, Modal, Stack, Text } from "@mantine/core";
import type { ReactNode } from "react";
import { common } from "../strings/common";

interface Props {
  opened: boolean;
  title: string;
  body: ReactNode;
  action: string;
  busy?: boolean;
  /** Red, unless nothing is destroyed. */
  color?: string;
  onClose: () => void;
  onConfirm: () => void;
}

/** Asks once before something that cannot be undone. */
export function Confirm({ opened, title, body, action, busy = false, color = "red", onClose, onConfirm }: Props) {
  return (
    <Modal opened={opened} onClose={onClose} title={title}>
      <Stack>
        <Text component="div">{body}</Text>
        <Group justify="end" gap="sm">
          <Button variant="default" onClick={onClose}>
            {common.cancel}
          </Button>
          <Button color={color} loading={busy} onClick={onConfirm} data-autofocus>
            {action}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
