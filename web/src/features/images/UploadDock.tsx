import { ActionIcon, Button, CloseButton, Group, Paper, Stack, Text, Tooltip } from "@mantine/core";
import { IconChevronDown, IconChevronUp } from "@tabler/icons-react";
import { useEffect, useState } from "react";
import { ProgressBar } from "../../components/ProgressBar";
import { count, plural } from "../../lib/format";
import { images } from "../../strings/images";
import { libraryUploads, useLibraryUploads } from "./libraryUploads";
import { UploadList } from "./UploadList";
import css from "./images.module.css";

const words = images.uploads;

/** The uploads of this tab, at the corner of every page until they are looked at and closed. */
export function UploadDock() {
  const snapshot = useLibraryUploads();
  const [open, setOpen] = useState(false);
  const { items, done, failed, active } = snapshot;
  useLeaveWarning(active);
  if (items.length === 0) return null;
  const expanded = open || failed > 0;
  return (
    <Paper component="section" aria-label={words.title} shadow="md" p="sm" className={css.dock}>
      <Stack gap="sm">
        <Group justify="space-between" wrap="nowrap" gap="xs">
          <Text fw={600} role="status" className="number">
            {active ? words.progress(count(done), plural(items.length, "file")) : words.allDone(plural(done, "file"))}
          </Text>
          <Group gap={0} wrap="nowrap">
            {failed === 0 && (
              <Tooltip label={open ? words.hide : words.show}>
                <ActionIcon aria-label={open ? words.hide : words.show} onClick={() => setOpen(!open)}>
                  {open ? <IconChevronDown size={18} /> : <IconChevronUp size={18} />}
                </ActionIcon>
              </Tooltip>
            )}
            {!active && <CloseButton aria-label={words.dismiss} onClick={() => libraryUploads.clear()} />}
          </Group>
        </Group>
        <ProgressBar
          label={words.title}
          done={done + failed}
          total={items.length}
          color={failed > 0 ? "red" : active ? "ink" : "green"}
        />
        {failed > 0 && (
          <Group justify="space-between" wrap="nowrap">
            <Text size="sm" c="red" role="alert">
              {words.failed(plural(failed, "file"))}
            </Text>
            {items.some((item) => item.state === "failed" && !item.refused) && (
              <Button size="compact-sm" variant="light" onClick={() => libraryUploads.retry()}>
                {words.retryAll}
              </Button>
            )}
          </Group>
        )}
        {expanded && <UploadList snapshot={snapshot} onRetry={(id) => libraryUploads.retry(id)} />}
        {active && (
          <Button size="compact-sm" variant="default" onClick={() => libraryUploads.stop(words.stopped)}>
            {words.stop}
          </Button>
        )}
      </Stack>
    </Paper>
  );
}

function useLeaveWarning(active: boolean): void {
  useEffect(() => {
    if (!active) return undefined;
    const warn = (event: BeforeUnloadEvent) => event.preventDefault();
    window.addEventListener("beforeunload", warn);
    return () => window.removeEventListener("beforeunload", warn);
  }, [active]);
}
