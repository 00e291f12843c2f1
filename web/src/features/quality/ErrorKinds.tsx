import { Paper, Table, Title, Tooltip, UnstyledButton } from "@mantine/core";
import type { QualityReport } from "../../api/types";
import { count, percent } from "../../lib/format";
import { quality as words } from "../../strings/quality";
import type { Question } from "./view";
import css from "./quality.module.css";

/** How often each kind of error happens, as bars that are rows of a table; a kind opens its images. */
export function ErrorKinds({ report, onAsk }: { report: QualityReport; onAsk: (question: Question) => void }) {
  const heads = words.errorColumns;
  const most = Math.max(1, ...report.errors.map((one) => one.count));
  return (
    <Paper component="section" aria-label={words.errors} p="sm">
      <Title order={3}>{words.errors}</Title>
      <Table aria-label={words.errors} verticalSpacing={6}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{heads.kind}</Table.Th>
            <Table.Th className="number">{heads.count}</Table.Th>
            <Table.Th className={css.wide} aria-hidden />
            <Table.Th className="number">
              <Tooltip label={words.lostHint} multiline maw={280}>
                <span>{heads.lost}</span>
              </Tooltip>
            </Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {report.errors.map((one) => (
            <Table.Tr key={one.kind}>
              <Table.Td>
                {one.count === 0 ? (
                  words.kinds[one.kind]
                ) : (
                  <UnstyledButton
                    className={css.link}
                    aria-label={words.openKind(words.kinds[one.kind], count(one.count))}
                    onClick={() => onAsk({ kind: one.kind })}
                  >
                    {words.kinds[one.kind]}
                  </UnstyledButton>
                )}
              </Table.Td>
              <Table.Td className="number">{count(one.count)}</Table.Td>
              <Table.Td className={css.wide} aria-hidden>
                <div className={css.bar} style={{ width: `${(one.count / most) * 100}%` }} />
              </Table.Td>
              <Table.Td className="number">{percent(one.delta_ap)}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Paper>
  );
}
