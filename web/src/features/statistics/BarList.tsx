import { Text, VisuallyHidden } from "@mantine/core";
import type { CSSProperties } from "react";
import type { Split } from "../../api/types";
import { ChartCard } from "../../components/chart/ChartCard";
import { LinkAnchor } from "../../components/links";
import { count } from "../../lib/format";
import { common } from "../../strings/common";
import { statistics as words } from "../../strings/statistics";
import { total, type PerSplit, type Row } from "./figures";
import css from "./statistics.module.css";

export interface Looks {
  projectId: string;
  /** Those that are shown, a bar each. */
  splits: readonly Split[];
  /** Bars are shares of their split, so that splits of any size compare. */
  shares: boolean;
}

interface Props extends Looks {
  title: string;
  hint?: string;
  rows: readonly Row[];
}

/** Bars of each split below each other; each leads to the images behind it. */
export function BarList({ title, hint, rows, splits, shares, projectId }: Props) {
  const wholes = Object.fromEntries(
    splits.map((split) => [
      split,
      Math.max(
        1,
        rows.reduce((sum, { numbers }) => sum + numbers[split], 0),
      ),
    ]),
  );
  const length = (numbers: PerSplit, split: Split) => numbers[split] / (shares ? (wholes[split] ?? 1) : 1);
  const longest = Math.max(1e-9, ...rows.flatMap(({ numbers }) => splits.map((split) => length(numbers, split))));
  const table = () => [
    ["", ...splits.map((split) => common.split[split]), words.all],
    ...rows.map(({ label, numbers }) => [label, ...splits.map((split) => numbers[split]), total(numbers)]),
  ];
  const said = (numbers: PerSplit, split: Split) =>
    shares ? `${(length(numbers, split) * 100).toFixed(1)} %` : count(numbers[split]);
  return (
    <ChartCard title={title} table={table}>
      {hint !== undefined && (
        <Text size="sm" c="dimmed" mb="xs">
          {hint}
        </Text>
      )}
      {rows.length === 0 && <Text c="dimmed">{words.noObjects}</Text>}
      <ul className={css.rows} aria-label={title}>
        {rows.map((row) => (
          <li key={row.key} className={css.row}>
            <Name row={row} />
            <div className={css.bars}>
              {splits.map((split) => (
                <Bar
                  key={split}
                  row={row}
                  split={split}
                  projectId={projectId}
                  said={said(row.numbers, split)}
                  share={length(row.numbers, split) / longest}
                />
              ))}
            </div>
          </li>
        ))}
      </ul>
    </ChartCard>
  );
}

function Name({ row: { label, color, note, mark } }: { row: Row }) {
  return (
    <div className={css.name}>
      <Text size="sm" truncate title={label}>
        {color !== undefined && <span className={css.dot} style={{ background: color }} aria-hidden />}
        {label}
      </Text>
      {(note !== undefined || mark !== undefined) && (
        <Text size="xs" c="dimmed" component="div">
          {note} {mark !== undefined && <span className={css.mark}>{mark}</span>}
        </Text>
      )}
    </div>
  );
}

interface BarProps {
  row: Row;
  split: Split;
  projectId: string;
  said: string;
  share: number;
}

function Bar({ row, split, projectId, said, share }: BarProps) {
  const number = row.numbers[split];
  const inside = (
    <>
      <span className={css.fill} data-split={split} style={{ "--share": share } as CSSProperties} />
      <span className={css.number}>{said}</span>
    </>
  );
  if (row.filter === undefined || number === 0) {
    return (
      <span className={css.bar}>
        <VisuallyHidden>{common.split[split]}: </VisuallyHidden>
        {inside}
      </span>
    );
  }
  const label = words.bar(row.label, common.split[split], said);
  return (
    <LinkAnchor
      className={css.bar ?? ""}
      to="/projects/$projectId/images"
      params={{ projectId }}
      search={{ ...row.filter, split }}
      aria-label={label}
      title={label}
    >
      {inside}
    </LinkAnchor>
  );
}
