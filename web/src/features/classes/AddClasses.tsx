import { Button, Group, Stack, Textarea } from "@mantine/core";
import { useState } from "react";
import { linesOf } from "../../lib/lines";
import { classes as words } from "../../strings/classes";
import { useClassChanges } from "./useClasses";

/** New classes, typed or pasted one per line; Ctrl+Enter adds them. */
export function AddClasses({ projectId }: { projectId: string }) {
  const [text, setText] = useState("");
  const { add, addNames } = useClassChanges(projectId);
  const names = linesOf(text);
  const submit = () => {
    if (names.length > 0) addNames(names, () => setText((now) => (now === text ? "" : now)));
  };
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
    >
      <Stack gap="sm">
        <Textarea
          label={words.addLabel}
          placeholder={words.addPlaceholder}
          autosize
          minRows={2}
          maxRows={10}
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
          onKeyDown={(event) => {
            if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) submit();
          }}
        />
        <Group justify="end">
          <Button type="submit" disabled={names.length === 0} loading={add.isPending}>
            {words.addAction(names.length)}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
