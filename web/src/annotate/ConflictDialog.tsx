/** Lets a person choose where the same object was changed in two places. */
import { Button, Group, Modal, Paper, Stack, Text } from "@mantine/core";
import type { ReactNode } from "react";

import { boundsOf } from "../canvas";
import type { Annotation, Item, Styles } from "../canvas";
import { annotate as text } from "../strings/annotate";
import type { SyncQueue } from "./sync/queue";
import { useSaveStatus } from "./useEditor";
import { useAuthors } from "./useOthers";

const { conflict } = text;

interface Props<T extends Item> {
  readonly queue: SyncQueue<T>;
  /** What one side of it is, in words. */
  readonly tell: (item: T) => string;
  readonly opened: boolean;
  readonly onClose: () => void;
}

export function ConflictDialog<T extends Item>({ queue, tell, opened, onClose }: Props<T>) {
  const { clashes } = useSaveStatus(queue);
  const authors = useAuthors(queue.imageId, clashes);
  const there = (id: string): string => {
    const who = authors.get(id);
    return who === undefined ? conflict.there : conflict.by(who);
  };
  const describe = (item: T | undefined): string => (item ? tell(item) : conflict.deleted);
  const all = (choice: "mine" | "theirs"): void => {
    for (const { id } of clashes) queue.resolve(id, choice);
    onClose();
  };
  return (
    <Modal opened={opened && clashes.length > 0} onClose={onClose} title={conflict.title} size="lg">
      <Stack gap="sm">
        <Text c="dimmed">{conflict.body}</Text>
        {clashes.map(({ id, mine, theirs }) => (
          <Paper key={id} p="sm">
            <Stack gap="sm">
              <Side who={conflict.here} what={describe(mine)}>
                <Button size="compact-md" variant="default" onClick={() => queue.resolve(id, "mine")}>
                  {conflict.mine}
                </Button>
              </Side>
              <Side who={there(id)} what={describe(theirs)}>
                <Button size="compact-md" variant="default" onClick={() => queue.resolve(id, "theirs")}>
                  {conflict.theirs}
                </Button>
              </Side>
              {describe(mine) === describe(theirs) && (
                <Text size="sm" c="dimmed">
                  {conflict.alike}
                </Text>
              )}
            </Stack>
          </Paper>
        ))}
        {clashes.length > 1 && (
          <Group justify="flex-end">
            <Button variant="light" onClick={() => all("mine")}>
              {conflict.allMine}
            </Button>
            <Button variant="light" onClick={() => all("theirs")}>
              {conflict.allTheirs}
            </Button>
          </Group>
        )}
      </Stack>
    </Modal>
  );
}

/** What is on one side, and the button that keeps it. */
function Side({ who, what, children }: { readonly who: string; readonly what: string; readonly children: ReactNode }) {
  return (
    <Group justify="space-between" gap="sm">
      <div style={{ flex: "1 1 220px", minWidth: 0 }}>
        <Text size="sm" fw={600}>
          {who}
        </Text>
        <Text size="sm">{what}</Text>
      </div>
      {children}
    </Group>
  );
}

/** An annotation in words. */
export function describe(annotation: Annotation, styles: Styles): string {
  const [x0, y0, x1, y1] = boundsOf(annotation.geometry).map(Math.round) as [number, number, number, number];
  const name = styles.get(annotation.class_id)?.name ?? text.objects.unknownClass;
  const more = Object.entries(annotation.attributes).map(([key, value]) => `${key}: ${String(value)}`);
  const place = conflict.place(x1 - x0, y1 - y0, x0, y0);
  return [name, text.objects.geometry[annotation.geometry.type].toLowerCase(), place, ...more].join(", ");
}
