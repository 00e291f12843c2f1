import { Paper, Text, Title } from "@mantine/core";
import { useMemo, type CSSProperties } from "react";
import type { QualityReport } from "../../api/types";
import { WideTable } from "../../components/WideTable";
import { count } from "../../lib/format";
import { quality as words } from "../../strings/quality";
import { BACKGROUND, matrixOf } from "./figures";
import type { Question } from "./view";
import css from "./quality.module.css";

const MOST = 25;

interface Props {
  report: QualityReport;
  nameOf: (classId: string) => string;
  onAsk: (question: Question) => void;
}

/** Which class is taken for which; a number opens its images. */
export function ConfusionMatrix({ report, nameOf, onAsk }: Props) {
  const { ids, counts, rowMax } = useMemo(() => matrixOf(report, MOST), [report]);
  const all = report.classes.length;
  return (
    <Paper component="section" aria-label={words.confusion} p="sm">
      <Title order={3}>{words.confusion}</Title>
      <Text size="sm" c="dimmed" mb="xs">
        {words.confusionHint} {all > MOST && words.confusionSome(MOST, all)}
      </Text>
      <WideTable label={words.confusion} least={160 + ids.length * 64}>
        <table className={css.matrix} aria-label={words.confusion}>
          <thead>
            <tr>
              <td className={css.corner}>
                {words.truth} ↓ {words.found} →
              </td>
              {ids.map((id) => (
                <th key={id} scope="col" title={nameOf(id)}>
                  {id === BACKGROUND ? words.notFound : nameOf(id)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {ids.map((truth, row) => (
              <tr key={truth}>
                <th scope="row" title={nameOf(truth)}>
                  {nameOf(truth)}
                </th>
                {ids.map((found, column) => (
                  <td key={found}>
                    <Cell
                      value={counts[row]?.[column] ?? 0}
                      share={(counts[row]?.[column] ?? 0) / (rowMax[row] ?? 1)}
                      right={truth === found}
                      label={labelOf(counts[row]?.[column] ?? 0, truth, found, nameOf)}
                      onOpen={() => onAsk({ truth, found })}
                    />
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </WideTable>
    </Paper>
  );
}

function labelOf(value: number, truth: string, found: string, nameOf: (id: string) => string): string {
  if (found === BACKGROUND) return words.cellMissed(count(value), nameOf(truth));
  if (truth === BACKGROUND) return words.cellNothing(count(value), nameOf(found));
  return words.cell(count(value), nameOf(truth), nameOf(found));
}

interface CellProps {
  value: number;
  share: number;
  right: boolean;
  label: string;
  onOpen: () => void;
}

function Cell({ value, share, right, label, onOpen }: CellProps) {
  if (value === 0) return <span className={css.nil}>·</span>;
  return (
    <button
      type="button"
      className={css.cell}
      data-right={right}
      style={{ "--share": share } as CSSProperties}
      aria-label={label}
      title={label}
      onClick={onOpen}
    >
      {count(value)}
    </button>
  );
}
