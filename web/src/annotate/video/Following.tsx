/** How far a box is followed, and the way to stop it. */
import { Button, Group, Paper, Progress, Text } from "@mantine/core";
import { useEffect, useState } from "react";

import { video as words } from "../../strings/video";
import css from "../annotate.module.css";
import type { Follower, Going } from "./follow";

export function Following({ follower }: { readonly follower: Follower }) {
  const [going, setGoing] = useState<Going | null>(null);
  useEffect(() => follower.on("going", setGoing), [follower]);
  if (!going) return null;
  const { from, at, end } = going;
  return (
    <Paper className={css.notice ?? ""} withBorder px="sm" py={6}>
      <Group gap="xs" wrap="nowrap">
        <Text size="sm" role="status">
          {words.follow.going(at, end)}
        </Text>
        <Progress w={80} value={(100 * (at - from)) / (end - from)} aria-label={words.follow.progress} />
        <Button size="compact-xs" variant="default" onClick={() => follower.stop()}>
          {words.stop}
        </Button>
      </Group>
    </Paper>
  );
}
