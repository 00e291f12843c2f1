import { Button, Group, NumberInput, Popover, SegmentedControl, Stack, Text, Tooltip } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconChecks } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { count } from "../../lib/format";
import { labels as words } from "../../strings/labels";
import { useMay } from "../people/useMay";
import { manyQuery, type Many as Asked } from "./queries";
import { useDecidingMany } from "./useDeciding";
import { useReviewKeys } from "./useReviewKeys";
import type { LabelsView } from "./view";

interface Props {
  projectId: string;
  view: LabelsView;
  /** When the labels were checked last: numbers of an older check are not shown. */
  at: string;
}

/** One decision about all that the filters show, below or from a score; the number is seen before it is done. */
export function Many({ projectId, view, at }: Props) {
  const may = useMay(projectId)("annotate");
  const [opened, { close, toggle }] = useDisclosure();
  useReviewKeys({ M: () => may && toggle() });
  if (!may) return null;
  return (
    <Popover opened={opened} onChange={close} position="bottom-end" width={320} trapFocus shadow="md" withinPortal>
      <Popover.Target>
        <Tooltip label={words.manyKey}>
          <Button
            variant="default"
            leftSection={<IconChecks size={16} aria-hidden />}
            aria-expanded={opened}
            onClick={toggle}
          >
            {words.many}
          </Button>
        </Tooltip>
      </Popover.Target>
      <Popover.Dropdown aria-label={words.many}>
        <Choice projectId={projectId} view={view} at={at} onDone={close} />
      </Popover.Dropdown>
    </Popover>
  );
}

function Choice({ projectId, view, at, onDone }: Props & { onDone: () => void }) {
  const [decision, setDecision] = useState<Asked["decision"]>("dismiss");
  const [score, setScore] = useState(decision === "dismiss" ? 0.4 : 0.9);
  const asked = askedOf(view, decision, score);
  const able = decision === "dismiss" || view.kind !== undefined;
  const seen = useQuery({ ...manyQuery(projectId, asked, at), enabled: able });
  const { decide, pending } = useDecidingMany(projectId);
  const number = able ? (seen.data?.count ?? 0) : 0;
  const left = able ? (seen.data?.left ?? 0) : 0;
  return (
    <Stack gap="sm">
      <SegmentedControl
        aria-label={words.manyDecision}
        fullWidth
        data={[
          { value: "dismiss", label: words.manyDismiss },
          { value: "accept", label: words.manyAccept },
        ]}
        value={decision}
        onChange={(value) => {
          const next = value === "accept" ? "accept" : "dismiss";
          setDecision(next);
          setScore(next === "dismiss" ? 0.4 : 0.9);
        }}
      />
      <NumberInput
        label={decision === "dismiss" ? words.below : words.atLeast}
        data-autofocus
        min={0}
        max={1}
        step={0.05}
        decimalScale={2}
        value={score}
        onChange={(value) => {
          if (typeof value === "number") setScore(value);
        }}
      />
      <Text size="sm" aria-live="polite">
        {able ? words.manyCount(count(number), view.kind) : words.manyKind}
        {left > 0 && ` ${words.manyLeft(count(left))}`}
      </Text>
      <Group grow>
        <Button
          disabled={number === 0 || seen.isFetching}
          loading={pending}
          onClick={() => decide({ ...asked, expected: number }, onDone)}
        >
          {words.manyDo[decision](count(number))}
        </Button>
      </Group>
    </Stack>
  );
}

function askedOf(view: LabelsView, decision: Asked["decision"], score: number): Asked {
  return {
    decision,
    ...(view.kind === undefined ? {} : { kind: view.kind }),
    ...(view.class === undefined ? {} : { class_id: view.class }),
    ...(view.split === undefined ? {} : { split: view.split }),
    ...(decision === "dismiss" ? { max_score: score } : { min_score: score }),
  };
}
