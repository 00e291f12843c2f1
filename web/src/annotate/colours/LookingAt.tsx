/** Says that the picture is being looked at, where that takes more than a moment. */
import { Button, Group, Loader, Paper, Text } from "@mantine/core";

import type { Editor, Pixels } from "../../canvas";
import { common } from "../../strings/common";
import { shapes as text } from "../../strings/shapes";
import css from "../annotate.module.css";
import { useColours } from "./useColours";

export function LookingAt({ editor, pixels }: { readonly editor: Editor; readonly pixels: Pixels | undefined }) {
  const slow = useColours(editor, pixels);
  if (!slow) return null;
  return (
    <Paper className={css.notice ?? ""} withBorder px="sm" py={6} role="status">
      <Group gap="xs" wrap="nowrap">
        <Loader size={14} />
        <Text size="sm">{text.looking}</Text>
        <Button size="compact-xs" variant="default" onClick={() => editor.giveUp()}>
          {common.cancel}
        </Button>
      </Group>
    </Paper>
  );
}
