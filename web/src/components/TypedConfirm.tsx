import { Button, Group, Modal, Stack, Text, TextInput } from "@mantine/core";
import { useState, type ReactNode } from "react";
import { common } from "../strings/common";

interface Props {
  opened: boolean;
  title: string;
  body: ReactNode;
  /** What has to be typed. */
  phrase: string;
  label: string;
  wrong: string;
  action: string;
  busy?: boolean;
  onClose: () => void;
  onConfirm: (typed: string) => void;
}

/** Asks for a typed phrase before something grave, and says so when it is wrong. */
export function TypedConfirm(props: Props) {
  return (
    <Modal opened={props.opened} onClose={props.onClose} title={props.title}>
      <TypedForm {...props} />
    </Modal>
  );
}

function TypedForm({ body, phrase, label, wrong, action, busy = false, onClose, onConfirm }: Props) {
  const [typed, setTyped] = useState("");
  const [tried, setTried] = useState(false);
  const matches = typed.trim() === phrase.trim();
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        setTried(true);
        if (matches) onConfirm(phrase);
      }}
    >
      <Stack>
        <Text>{body}</Text>
        <TextInput
          label={label}
          value={typed}
          autoComplete="off"
          data-autofocus
          error={tried && !matches ? wrong : null}
          onChange={(event) => {
            setTyped(event.currentTarget.value);
            setTried(false);
          }}
        />
        <Group justify="end" gap="sm">
          <Button variant="default" onClick={onClose}>
            {common.cancel}
          </Button>
          <Button type="submit" color="red" loading={busy}>
            {action}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
