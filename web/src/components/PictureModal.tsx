import { Group, Modal, Text } from "@mantine/core";
import { IconChevronLeft, IconChevronRight } from "@tabler/icons-react";
import { useEffect, type ReactNode } from "react";
import { count } from "../lib/format";
import { predictions as words } from "../strings/predictions";
import { IconKey } from "./IconKey";

interface Props<T> {
  readonly items: readonly T[];
  readonly idOf: (item: T) => string;
  readonly titleOf: (item: T) => string;
  readonly openId: string | undefined;
  readonly hasMore: boolean;
  readonly onMore: () => void;
  readonly onOpen: (id: string | null) => void;
  /** The open item; `steps` are the buttons to the next and the previous one. */
  readonly children: (item: T, steps: ReactNode) => ReactNode;
}

/** One of many images large; arrow keys lead on, and what is not loaded yet is fetched on the way. */
export function PictureModal<T>({ items, idOf, titleOf, openId, hasMore, onMore, onOpen, children }: Props<T>) {
  const index = openId === undefined ? -1 : items.findIndex((one) => idOf(one) === openId);
  const current = items[index];
  const go = (step: number) => {
    const target = items[index + step];
    if (target !== undefined) onOpen(idOf(target));
  };
  useEffect(() => {
    if (hasMore && openId !== undefined && index >= items.length - 3) onMore();
  }, [hasMore, openId, index, items.length, onMore]);
  const steps = (
    <Group gap="xs">
      <IconKey label={words.previous} disabled={index === 0} onClick={() => go(-1)}>
        <IconChevronLeft size={20} />
      </IconKey>
      <Text size="sm" className="number">
        {words.position(index + 1, `${count(items.length)}${hasMore ? "+" : ""}`)}
      </Text>
      <IconKey label={words.next} disabled={index >= items.length - 1} onClick={() => go(1)}>
        <IconChevronRight size={20} />
      </IconKey>
    </Group>
  );
  return (
    <Modal
      opened={current !== undefined}
      onClose={() => onOpen(null)}
      size="min(1400px, 96vw)"
      padding="sm"
      title={current !== undefined && titleOf(current)}
      onKeyDown={(event) => {
        if (event.key === "ArrowLeft") go(-1);
        if (event.key === "ArrowRight") go(1);
      }}
    >
      {current !== undefined && children(current, steps)}
    </Modal>
  );
}
