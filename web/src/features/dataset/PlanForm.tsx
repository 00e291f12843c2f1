import { Checkbox, Group, NumberInput, SegmentedControl, Stack, Switch, TagsInput, Text } from "@mantine/core";
import { IconDice5 } from "@tabler/icons-react";
import { IconKey } from "../../components/IconKey";
import { common } from "../../strings/common";
import { dataset } from "../../strings/dataset";
import css from "./dataset.module.css";
import { DEALT, isWhole } from "./plan";
import type { Plan } from "./queries";

const words = dataset.split;
const DEALS = ["new", "all", "nothing"] as const;
const TOGETHER = ["duplicates", "video", "folder", "import"] as const;
const MOST_SEED = 2 ** 31 - 1;

interface Props {
  plan: Plan;
  onChange: (plan: Plan) => void;
}

/** How images are dealt out. */
export function PlanForm({ plan, onChange }: Props) {
  const set = (change: Partial<Plan>) => onChange({ ...plan, ...change });
  return (
    <Stack gap="md">
      <Ratio plan={plan} onChange={onChange} />
      <Stack gap={4}>
        <Text size="sm" fw={500} id="split-deal">
          {words.deal}
        </Text>
        <SegmentedControl
          aria-labelledby="split-deal"
          data={DEALS.map((value) => ({ value, label: words.deals[value] }))}
          value={plan.deal}
          onChange={(value) => set({ deal: DEALS.find((deal) => deal === value) ?? "new" })}
          fullWidth
        />
        <Text size="sm" c="dimmed">
          {words.dealHints[plan.deal]}
        </Text>
      </Stack>
      <Switch
        label={words.stratify}
        checked={plan.stratify}
        onChange={(event) => set({ stratify: event.currentTarget.checked })}
      />
      <Checkbox.Group
        label={words.together}
        description={words.togetherHint}
        value={[...plan.together]}
        onChange={(chosen) => set({ together: TOGETHER.filter((name) => chosen.includes(name)) })}
      >
        <Group gap="md" mt={6}>
          {TOGETHER.map((name) => (
            <Checkbox key={name} value={name} label={words.togethers[name]} className={css.keep ?? ""} />
          ))}
        </Group>
      </Checkbox.Group>
      <TagsInput
        label={words.metadata}
        description={words.metadataHint}
        maxTags={10}
        value={[...plan.metadata]}
        onChange={(metadata) => set({ metadata })}
      />
      <Switch label={words.mend} checked={plan.mend} onChange={(event) => set({ mend: event.currentTarget.checked })} />
      <Switch
        label={words.labeledOnly}
        checked={plan.labeled_only}
        onChange={(event) => set({ labeled_only: event.currentTarget.checked })}
      />
      <Group align="end" gap="xs" wrap="nowrap">
        <NumberInput
          label={words.seed}
          description={words.seedHint}
          value={plan.seed}
          min={0}
          max={MOST_SEED}
          allowDecimal={false}
          flex={1}
          onChange={(value) => {
            if (typeof value === "number") set({ seed: value });
          }}
        />
        <IconKey label={words.dice} onClick={() => set({ seed: Math.floor(Math.random() * 1_000_000) })}>
          <IconDice5 size={20} stroke={1.5} />
        </IconKey>
      </Group>
    </Stack>
  );
}

function Ratio({ plan, onChange }: Props) {
  return (
    <Stack gap={4}>
      <Text size="sm" fw={500} id="split-ratio">
        {words.ratio}
      </Text>
      <div className={css.ratio} role="group" aria-labelledby="split-ratio">
        {DEALT.map((split) => (
          <NumberInput
            key={split}
            label={common.split[split]}
            value={plan[split]}
            min={0}
            max={1_000_000}
            allowNegative={false}
            decimalScale={3}
            error={!isWhole(plan)}
            onChange={(value) => onChange({ ...plan, [split]: typeof value === "number" ? value : 0 })}
          />
        ))}
      </div>
      {isWhole(plan) ? (
        <Text size="sm" c="dimmed">
          {words.ratioHint}
        </Text>
      ) : (
        <Text size="sm" c="red" role="alert">
          {words.zero}
        </Text>
      )}
    </Stack>
  );
}
