import { Button, Group, Stack, Text } from "@mantine/core";
import { IconArrowBackUp } from "@tabler/icons-react";
import { Section } from "../../components/Section";
import { Time } from "../../components/Time";
import { plural } from "../../lib/format";
import { common } from "../../strings/common";
import { dataset } from "../../strings/dataset";
import { useMay } from "../people/useMay";
import { ratioOf } from "./plan";
import { useSplits, type Change } from "./queries";

const words = dataset.split;
const SHOWN = 8;

interface Props {
  projectId: string;
  changes: readonly Change[];
}

/** What was done to the splits; each change can be taken back. */
export function SplitHistory({ projectId, changes }: Props) {
  const { undo } = useSplits(projectId);
  const may = useMay(projectId);
  if (changes.length === 0) return null;
  return (
    <Section title={words.history}>
      <Stack gap="xs" component="ul" m={0} p={0} style={{ listStyle: "none" }}>
        {changes.slice(0, SHOWN).map((change) => (
          <Group key={change.id} component="li" justify="space-between" wrap="nowrap" gap="sm">
            <Text size="sm">
              {plural(change.moved, "image")}
              <Text span c="dimmed" inherit>
                {" · "}
                {change.plan ? words.by(ratioOf(change.plan), words.deals[change.plan.deal]) : words.isUndo}
                {change.undone && ` · ${words.wasUndone}`}
                {" · "}
                <Time value={change.created_at} />
              </Text>
            </Text>
            {may("manage") && !change.undone && change.moved > 0 && (
              <Button
                size="compact-sm"
                variant="default"
                leftSection={<IconArrowBackUp size={14} aria-hidden />}
                loading={undo.isPending && undo.variables === change.id}
                onClick={() => undo.mutate(change.id)}
              >
                {common.undo}
              </Button>
            )}
          </Group>
        ))}
      </Stack>
    </Section>
  );
}
