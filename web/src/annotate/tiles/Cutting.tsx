/** Says that a very large picture is not sharp yet, or will not be. */
import { Group, Loader, Paper, Text } from "@mantine/core";

import { annotate as text } from "../../strings/annotate";
import css from "../annotate.module.css";
import type { Cut } from "./useTiles";

export function Cutting({ cut: { isMaking, failed } }: { readonly cut: Cut }) {
  if (!isMaking && failed === "") return null;
  return (
    <Paper className={css.notice ?? ""} withBorder px="sm" py={6} role="status">
      <Group gap="xs" wrap="nowrap">
        {isMaking && <Loader size={14} />}
        <Text size="sm">{isMaking ? text.tiles.making : text.tiles.failed(failed)}</Text>
      </Group>
    </Paper>
  );
}
