import { Button, Group, Stack, Table, Text, Tooltip } from "@mantine/core";
import { useDebouncedValue, useHotkeys } from "@mantine/hooks";
import { IconArrowsShuffle } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { ErrorBox } from "../../components/ErrorBox";
import { Lines } from "../../components/Loaded";
import { WideTable } from "../../components/WideTable";
import { count, percent, plural } from "../../lib/format";
import { common } from "../../strings/common";
import { dataset } from "../../strings/dataset";
import { useMay } from "../people/useMay";
import css from "./dataset.module.css";
import { isWhole, missing, SPLITS } from "./plan";
import { previewQuery, useSplits, type Plan, type Preview } from "./queries";

const words = dataset.split;
const CALM_MS = 250;

interface Props {
  projectId: string;
  plan: Plan;
  onApplied: () => void;
}

/** What a plan would do, and the button that does it. */
export function PlanPreview({ projectId, plan, onApplied }: Props) {
  const [calm] = useDebouncedValue(plan, CALM_MS);
  const may = useMay(projectId);
  const { apply } = useSplits(projectId);
  const seen = useQuery({ ...previewQuery(projectId, calm), enabled: isWhole(calm) });
  const ready = seen.data !== undefined && !seen.isPlaceholderData && calm === plan && seen.data.moved > 0;
  const go = () => {
    if (!ready || !may("manage") || apply.isPending) return;
    apply.mutate({ plan, digest: seen.data.digest }, { onSuccess: onApplied });
  };
  useHotkeys([["mod+Enter", go]], []);
  if (seen.isError) return <ErrorBox error={seen.error} onRetry={() => seen.refetch()} />;
  if (seen.data === undefined) return <Lines rows={6} />;
  return (
    <Stack gap="sm" aria-busy={!ready && seen.isFetching}>
      <PreviewTable preview={seen.data} />
      <Remarks preview={seen.data} />
      {may("manage") && (
        <Group>
          <Tooltip label={`${words.apply} (${words.applyKey})`}>
            <Button
              leftSection={<IconArrowsShuffle size={16} aria-hidden />}
              loading={apply.isPending}
              disabled={!ready}
              onClick={go}
            >
              {words.applyCount(plural(seen.data.moved, "image"))}
            </Button>
          </Tooltip>
        </Group>
      )}
    </Stack>
  );
}

function Remarks({ preview }: { preview: Preview }) {
  return (
    <Stack gap={4}>
      {preview.moved === 0 && <Text size="sm">{words.nothing}</Text>}
      {preview.groups > 0 && (
        <Text size="sm" c="dimmed">
          {words.groups(plural(preview.groups, "group"), plural(preview.largest, "image"))}
        </Text>
      )}
      {preview.torn > 0 && <Text size="sm">{words.torn(plural(preview.torn, "group"))}</Text>}
      {[...missing(preview)].map(([split, names]) => (
        <Text size="sm" key={split}>
          {words.missing(names.join(", "), common.split[split])}
        </Text>
      ))}
    </Stack>
  );
}

function PreviewTable({ preview }: { preview: Preview }) {
  return (
    <WideTable label={words.preview} least={420}>
      <Table className={css.table ?? ""}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{words.what}</Table.Th>
            {SPLITS.map((split) => (
              <Table.Th key={split} ta="right">
                {common.split[split]}
              </Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          <Row label={words.images} before={preview.images_before} after={preview.images_after} strong />
          <Row label={words.objects} before={preview.objects_before} after={preview.objects_after} strong />
          {preview.classes.map((share) => (
            <Row key={share.class_id} label={share.name} before={share.before} after={share.after} />
          ))}
        </Table.Tbody>
      </Table>
    </WideTable>
  );
}

type Numbers = Preview["images_after"];

interface RowProps {
  label: string;
  before: Numbers;
  after: Numbers;
  strong?: boolean;
}

/** Numbers in each split with their share of all; below them what was there before, where it is another one. */
function Row({ label, before, after, strong = false }: RowProps) {
  const all = SPLITS.reduce((sum, split) => sum + after[split], 0);
  return (
    <Table.Tr>
      <Table.Th scope="row" fw={strong ? 600 : 400} style={{ maxWidth: 180 }}>
        <span className={css.name} title={label}>
          {label}
        </span>
      </Table.Th>
      {SPLITS.map((split) => (
        <Table.Td key={split} ta="right" className="number" fw={strong ? 600 : 400}>
          {count(after[split])}
          <span className={css.was}>
            {after[split] === before[split]
              ? percent(all === 0 ? null : after[split] / all, 0)
              : `${percent(after[split] / Math.max(1, all), 0)}, ${words.was(count(before[split]))}`}
          </span>
        </Table.Td>
      ))}
    </Table.Tr>
  );
}
