import { Button, Stack, Text } from "@mantine/core";
import { IconFileZip } from "@tabler/icons-react";
import { useRef, useState } from "react";
import { exchange as words } from "../../strings/exchange";
import css from "./exchange.module.css";

interface Props {
  onFile: (file: File) => void;
  body?: string;
  action?: string;
  drop?: string;
  accept?: string;
}

/** Choose or drop one file; a dataset unless the words say otherwise. */
export function ChooseFile({
  onFile,
  body = words.chooseBody,
  action = words.choose,
  drop = words.dropHere,
  accept = ".zip,.tar,.tgz,.gz,.json,.csv,.xml,.txt",
}: Props) {
  const input = useRef<HTMLInputElement>(null);
  const [over, setOver] = useState(false);
  return (
    <Stack
      align="center"
      gap="sm"
      className={css.drop}
      data-over={over}
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={(event) => {
        event.preventDefault();
        setOver(false);
        const file = event.dataTransfer.files[0];
        if (file !== undefined) onFile(file);
      }}
    >
      <IconFileZip size={32} stroke={1.5} aria-hidden />
      <Text ta="center" maw={480} c="dimmed">
        {body}
      </Text>
      <Button onClick={() => input.current?.click()} data-autofocus>
        {action}
      </Button>
      <Text size="sm" c="dimmed">
        {drop}
      </Text>
      <input
        ref={input}
        type="file"
        hidden
        accept={accept}
        aria-label={action}
        onChange={(event) => {
          const file = event.currentTarget.files?.[0];
          if (file !== undefined) onFile(file);
        }}
      />
    </Stack>
  );
}
