import { Button, Stack, Text } from "@mantine/core";
import { IconFileZip } from "@tabler/icons-react";
import { useRef, useState } from "react";
import { fromDrop } from "../../lib/files";
import { exchange as words } from "../../strings/exchange";
import css from "./exchange.module.css";
import type { Files } from "./resumable";

interface Props {
  /** Gets the files, of which there is more than one only with `several`. */
  onFiles: (files: Files) => void;
  several?: boolean;
  body?: string;
  action?: string;
  drop?: string;
  accept?: string;
}

/** Choose or drop one file, or several that belong together; a dataset unless the words say otherwise. */
export function ChooseFile({
  onFiles,
  several = false,
  body = words.chooseBody,
  action = words.choose,
  drop = words.dropHere,
  accept = ".zip,.tar,.tgz,.gz,.json,.csv,.xml,.txt,.tfrecord,.record",
}: Props) {
  const input = useRef<HTMLInputElement>(null);
  const [over, setOver] = useState(false);
  const take = (list: Iterable<File> | null) => {
    const [first, ...others] = list ?? [];
    if (first !== undefined) onFiles(several ? [first, ...others] : [first]);
  };
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
        // A folder is opened where several files may come.
        if (several) void fromDrop(event.dataTransfer).then((picked) => take(picked.map((one) => one.file)));
        else take(event.dataTransfer.files);
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
        multiple={several}
        aria-label={action}
        onChange={(event) => take(event.currentTarget.files)}
      />
    </Stack>
  );
}
