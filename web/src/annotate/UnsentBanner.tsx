/** Says on which images and videos work from before still waits, and what can be done about it. */
import { Alert, Button, Group, Text } from "@mantine/core";
import { IconCloudOff } from "@tabler/icons-react";
import { useState, useSyncExternalStore } from "react";

import { Confirm } from "../components/Confirm";
import { LinkAnchor } from "../components/links";
import { annotate as text } from "../strings/annotate";
import { isVideo, videoIdOf } from "./sync/subjects";
import { counted, sendUnsent, unsent } from "./unsent";
import type { Found, Leftover } from "./unsent";

const words = text.unsent;

const count = (left: readonly Leftover[]) => counted(left.map(({ imageId }) => imageId));

/** To the page where it can be decided. */
function Way({ subject, entry: { projectId, name } }: { readonly subject: string; readonly entry: Found }) {
  if (isVideo(subject)) {
    const params = { projectId, videoId: videoIdOf(subject) };
    return (
      <LinkAnchor size="sm" to="/projects/$projectId/videos/$videoId" params={params}>
        {words.open(name)}
      </LinkAnchor>
    );
  }
  return (
    <LinkAnchor size="sm" to="/projects/$projectId/annotate/$imageId" params={{ projectId, imageId: subject }}>
      {words.open(name)}
    </LinkAnchor>
  );
}

export function UnsentBanner() {
  const left = useSyncExternalStore(unsent.subscribe, unsent.list);
  const [busy, setBusy] = useState(false);
  const [asking, setAsking] = useState(false);
  const gone = left.filter((one) => one.gone);
  if (left.length === 0) return null;
  const send = (): void => {
    setBusy(true);
    void sendUnsent().finally(() => setBusy(false));
  };
  const discard = async (): Promise<void> => {
    for (const { imageId } of gone) await unsent.discard(imageId);
    setAsking(false);
  };
  return (
    <Alert color="orange" variant="light" radius={0} py={6} role="status" icon={<IconCloudOff size={18} aria-hidden />}>
      <Group gap="sm">
        <Text size="sm">{gone.length === left.length ? words.gone(count(gone)) : words.waiting(count(left))}</Text>
        {left.map(({ imageId, entry }) => (entry ? <Way key={imageId} subject={imageId} entry={entry} /> : null))}
        <Button size="compact-sm" variant="default" loading={busy} onClick={send}>
          {words.send}
        </Button>
        {gone.length > 0 && (
          <Button size="compact-sm" variant="subtle" color="red" onClick={() => setAsking(true)}>
            {words.discard}
          </Button>
        )}
      </Group>
      <Confirm
        opened={asking}
        title={words.discardTitle}
        body={words.discardBody(count(gone))}
        action={words.discard}
        onClose={() => setAsking(false)}
        onConfirm={() => void discard()}
      />
    </Alert>
  );
}
