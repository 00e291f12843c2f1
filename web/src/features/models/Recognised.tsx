import { Badge, Group, List, Paper, Text } from "@mantine/core";
import { milliseconds } from "../../lib/format";
import { foreign as words } from "../../strings/foreign";
import type { Inspection } from "./cardDraft";
import { GivesBadge } from "./GivesBadge";

const COLORS = { sure: "green", likely: "yellow", guess: "orange", unknown: "red" } as const;

interface Props {
  inspection: Inspection;
  /** A person chose the decoder. */
  chosen: boolean;
}

/** What was recognised in a file, and why. */
export function Recognised({ inspection, chosen }: Props) {
  const titleOf = (name: string) =>
    inspection.families.find((one) => one.name === name)?.title ?? (name === "sam" ? words.sam : name);
  const { alternatives, card, confidence, reasons } = inspection;
  const pace = milliseconds(inspection.milliseconds);
  return (
    <Paper p="sm" component="section" aria-label={words.why}>
      <Group gap="xs" mb={4}>
        <Badge color={chosen ? "blue" : COLORS[confidence]}>
          {chosen ? words.chosen : words.confidence[confidence]}
        </Badge>
        <GivesBadge task={card.task} />
        <Text fw={600}>
          {confidence === "unknown" ? words.unknownFacts(pace) : words.facts(titleOf(card.decoder), pace)}
        </Text>
      </Group>
      <List size="sm">
        {reasons.map((reason) => (
          <List.Item key={reason}>{reason}</List.Item>
        ))}
      </List>
      {alternatives.length > 0 && confidence !== "unknown" && (
        <Text size="sm" c="dimmed" mt={4}>
          {words.alternatives(alternatives.map(titleOf).join("; "))}
        </Text>
      )}
    </Paper>
  );
}
