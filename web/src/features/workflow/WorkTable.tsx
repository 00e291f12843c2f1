import { Table } from "@mantine/core";
import type { WorkQueue, WorkState } from "../../api/types";
import { useSession } from "../../app/session";
import { LinkAnchor } from "../../components/links";
import { WideTable } from "../../components/WideTable";
import { count } from "../../lib/format";
import { work } from "../../strings/work";
import { countOf, STATES } from "./useWork";
import { WorkMark } from "./WorkMark";
import css from "./work.module.css";

const { queue: words } = work;

interface Props {
  projectId: string;
  queue: WorkQueue;
}

/** Everybody's images by state; each number leads to them. */
export function WorkTable({ projectId, queue }: Props) {
  const me = useSession().data?.id;
  const people = new Map(queue.counts.map((row) => [row.assignee_id ?? null, row.assignee_name ?? null]));
  return (
    <WideTable least={560} label={words.everybody}>
      <Table className={css.table ?? ""}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{words.person}</Table.Th>
            {STATES.map((state) => (
              <Table.Th key={state} ta="right">
                <WorkMark state={state} />
              </Table.Th>
            ))}
            <Table.Th ta="right">{words.total}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {[...people].map(([id, name]) => {
            const said = id === null ? work.nobody : (name ?? work.former);
            return (
              <Table.Tr key={id ?? ""}>
                <Table.Td>{id === me ? `${said} (${work.you})` : said}</Table.Td>
                {STATES.map((state) => (
                  <Table.Td key={state} ta="right">
                    <CountLink
                      projectId={projectId}
                      who={id ?? "nobody"}
                      name={said}
                      state={state}
                      n={countOf(queue, id, [state])}
                    />
                  </Table.Td>
                ))}
                <Table.Td ta="right" className="number">
                  {count(countOf(queue, id, STATES))}
                </Table.Td>
              </Table.Tr>
            );
          })}
        </Table.Tbody>
      </Table>
    </WideTable>
  );
}

interface CountProps {
  projectId: string;
  /** As the filter of the library names the person. */
  who: string;
  name: string;
  state: WorkState;
  n: number;
  /** Whether the state stands beside the number. */
  named?: boolean;
}

/** How many images of one person are in one state, as a link to them. */
export function CountLink({ projectId, who, name, state, n, named = false }: CountProps) {
  if (n === 0) return <span className="number">0</span>;
  return (
    <LinkAnchor
      to="/projects/$projectId/images"
      params={{ projectId }}
      search={{ assignee: who, work: state }}
      className="number"
      aria-label={words.show(name, work.states[state], n)}
    >
      {named ? (
        <>
          {count(n)} <WorkMark state={state} />
        </>
      ) : (
        count(n)
      )}
    </LinkAnchor>
  );
}
