import { ActionIcon, Box, Group, ScrollArea, Stack, Text, Tooltip } from "@mantine/core";
import { IconCheck, IconClock, IconExclamationCircle, IconReload } from "@tabler/icons-react";
import { ProgressBar } from "../../components/ProgressBar";
import { count } from "../../lib/format";
import { images } from "../../strings/images";
import type { Item, Snapshot } from "./uploadQueue";

const words = images.uploads;
const SHOWN = 100;
const RANK = { failed: 0, sending: 1, waiting: 2, done: 3 } as const;

interface Props<T> {
  snapshot: Snapshot<T>;
  onRetry: (id: number) => void;
}

/** Files of an upload: failures first with their reasons, then those under way. */
export function UploadList<T>({ snapshot, onRetry }: Props<T>) {
  const sorted = [...snapshot.items].sort((a, b) => RANK[a.state] - RANK[b.state]);
  const rest = sorted.length - SHOWN;
  return (
    <ScrollArea.Autosize mah={260} type="auto">
      <Stack gap={6} component="ul" p={0} m={0} style={{ listStyle: "none" }}>
        {sorted.slice(0, SHOWN).map((item) => (
          <UploadRow key={item.id} item={item} onRetry={onRetry} />
        ))}
        {rest > 0 && (
          <Text component="li" size="sm" c="dimmed">
            {words.more(count(rest))}
          </Text>
        )}
      </Stack>
    </ScrollArea.Autosize>
  );
}

function UploadRow<T>({ item, onRetry }: { item: Item<T>; onRetry: (id: number) => void }) {
  const name = item.picked.path;
  return (
    <Box component="li" pr="sm">
      <Group gap="sm" wrap="nowrap">
        <StateIcon state={item.state} />
        <Text size="sm" truncate flex={1} title={name}>
          {name}
        </Text>
        {item.state === "failed" && !item.refused && (
          <Tooltip label={words.retry(name)}>
            <ActionIcon size="sm" aria-label={words.retry(name)} onClick={() => onRetry(item.id)}>
              <IconReload size={16} />
            </ActionIcon>
          </Tooltip>
        )}
      </Group>
      {item.state === "sending" && <ProgressBar label={name} done={item.sent} total={1} />}
      {item.message !== "" && (
        <Text size="xs" c={item.state === "failed" ? "red" : "dimmed"} pl={24} style={{ overflowWrap: "anywhere" }}>
          {item.message}
        </Text>
      )}
    </Box>
  );
}

function StateIcon({ state }: { state: Item<unknown>["state"] }) {
  const label = words.state[state];
  const look = { size: 16, role: "img", "aria-label": label, style: { flex: "none" } } as const;
  if (state === "done") return <IconCheck {...look} color="var(--mantine-color-green-7)" />;
  if (state === "failed") return <IconExclamationCircle {...look} color="var(--mantine-color-red-7)" />;
  return <IconClock {...look} color="var(--mantine-color-dimmed)" />;
}
