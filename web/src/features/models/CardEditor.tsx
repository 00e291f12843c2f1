import { Alert, Button, Group, Stack, Text } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { messageOf } from "../../api/client";
import { common } from "../../strings/common";
import { foreign as words } from "../../strings/foreign";
import { CardFields, Reading } from "./CardFields";
import {
  changesOf,
  CUSTOM,
  draftOf,
  problemOf,
  recounted,
  type Changes,
  type Draft,
  type Inspection,
} from "./cardDraft";
import { Recognised } from "./Recognised";
import { TryImage } from "./TryImage";

interface Props {
  projectId: string;
  /** The first look, without corrections. */
  first: Inspection;
  /** The word on the button that keeps what was entered. */
  action: string;
  look: (changes: Changes, imageId?: string) => Promise<Inspection>;
  save: (changes: Changes) => Promise<unknown>;
  onCancel: () => void;
}

/**
 * What was recognised, corrected by a person, tried on an image, kept. Corrections are counted from `base`: the card
 * that the server proposes for the chosen decoder.
 */
export function CardEditor({ projectId, first, action, look, save, onCancel }: Props) {
  const [base, setBase] = useState<{ seen: Inspection; decoder: string | null }>({ seen: first, decoder: null });
  const [draft, setDraft] = useState(() => draftOf(first.card));
  const decide = useMutation({
    mutationFn: (decoder: string) => look({ decoder }),
    meta: { quiet: true },
    onSuccess: (seen, decoder) => {
      setBase({ seen, decoder });
      setDraft((old) => ({ ...draftOf(seen.card), name: old.name, licence: old.licence }));
      test.reset();
    },
  });
  // What the columns mean decides how many of them are classes.
  const recount = useMutation({
    mutationFn: (options: Draft["options"]) => look({ decoder: CUSTOM, options: { ...options } }),
    meta: { quiet: true },
    onSuccess: ({ card }, options) => setDraft((old) => recounted(old, options, card)),
  });
  const edit = (change: Partial<Draft>) => {
    setDraft((old) => ({ ...old, ...change }));
    if (change.options === undefined || base.seen.card.decoder !== CUSTOM) return;
    keep.reset();
    test.reset();
    recount.mutate(change.options);
  };
  const changes = () => changesOf(draft, base.seen.card, base.decoder);
  const test = useMutation({ mutationFn: (imageId: string) => look(changes(), imageId), meta: { quiet: true } });
  const keep = useMutation({ mutationFn: () => save(changes()), meta: { quiet: true } });
  const undecided = base.decoder === null && base.seen.confidence === "unknown";
  const problem = undecided ? words.problems.decoder : problemOf(draft, base.seen.card.task);
  const busy = decide.isPending || keep.isPending || recount.isPending;
  const error = keep.error ?? test.error ?? decide.error ?? recount.error;
  const choose = (decoder: string) => {
    keep.reset();
    recount.reset();
    decide.mutate(decoder);
  };
  return (
    <Stack gap="md">
      <Recognised inspection={base.seen} chosen={base.decoder !== null} />
      {undecided ? (
        <Reading draft={draft} inspection={base.seen} undecided onChange={edit} onDecoder={choose} />
      ) : (
        <>
          <CardFields draft={draft} inspection={base.seen} onChange={edit} onDecoder={choose} />
          <TryImage
            projectId={projectId}
            inspection={test.data ?? base.seen}
            busy={test.isPending}
            disabled={busy || problem !== null}
            onTest={(imageId) => {
              keep.reset();
              recount.reset();
              test.mutate(imageId);
            }}
          />
        </>
      )}
      {error !== null && (
        <Alert color="red" role="alert" title={words.refused}>
          <Text style={{ overflowWrap: "anywhere" }}>{messageOf(error)}</Text>
        </Alert>
      )}
      <Group justify="end">
        {problem !== null && (
          <Text c={undecided ? "dimmed" : "red"} size="sm" role={undecided ? undefined : "alert"}>
            {problem}
          </Text>
        )}
        <Button variant="default" onClick={onCancel}>
          {common.cancel}
        </Button>
        <Button loading={busy} disabled={problem !== null} onClick={() => keep.mutate()}>
          {action}
        </Button>
      </Group>
    </Stack>
  );
}
