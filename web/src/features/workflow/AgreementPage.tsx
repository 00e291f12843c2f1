import { Button, Table, Text, Title } from "@mantine/core";
import { IconUsers } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { useState } from "react";
import { classesQuery } from "../../api/queries";
import type { AgreementReport, ClassAgreement, ImageAgreement } from "../../api/types";
import { Empty } from "../../components/Empty";
import { Loaded } from "../../components/Loaded";
import { Page } from "../../components/Page";
import { WideTable } from "../../components/WideTable";
import { agreement as words } from "../../strings/agreement";
import { work } from "../../strings/work";
import { Why } from "../people/Guarded";
import { useMay } from "../people/useMay";
import { Compare } from "./Compare";
import { agreementQuery } from "./useAgreement";
import css from "./work.module.css";

const route = getRouteApi("/projects/$projectId/agreement");
const { columns } = words;

/** How far two people agree who labelled the same images. */
export function AgreementPage() {
  const { projectId } = route.useParams();
  const may = useMay(projectId);
  const report = useQuery({ ...agreementQuery(projectId), enabled: may("review") });
  return (
    <Page title={words.title} width={1024} subtitle={words.intro}>
      <Why projectId={projectId} deed="review" />
      {may("review") && <Loaded query={report}>{(data) => <Report projectId={projectId} report={data} />}</Loaded>}
    </Page>
  );
}

function Report({ projectId, report }: { projectId: string; report: AgreementReport }) {
  const [chosen, choose] = useState<ImageAgreement | null>(null);
  const classes = useQuery(classesQuery(projectId)).data;
  const nameOf = (id: string | null | undefined): string =>
    classes?.find((one) => one.id === id)?.name ?? (typeof id === "string" ? id : words.all);
  if (report.images.length === 0 && report.waiting === 0) {
    return (
      <Empty icon={IconUsers} title={words.noneTitle}>
        {words.noneBody}
      </Empty>
    );
  }
  return (
    <>
      <Text size="sm" c="dimmed" mb="md">
        {words.hint}
      </Text>
      {report.waiting > 0 && <Text mb="md">{words.waiting(report.waiting)}</Text>}
      {report.pairs.map((pair) => {
        const [first, second] = [pair.first_name ?? work.former, pair.second_name ?? work.former];
        const rows = [pair.overall, ...pair.classes];
        return (
          <section key={`${pair.first_id} ${pair.second_id}`} aria-label={words.and(first, second)}>
            <Title order={2} mt="md" mb="xs">
              {words.and(first, second)}
            </Title>
            <Figures
              head={columns.class}
              first={first}
              second={second}
              rows={rows}
              nameOf={(row) => nameOf(row.class_id)}
            />
          </section>
        );
      })}
      {report.images.length > 0 && (
        <section aria-label={words.images}>
          <Title order={2} mt="lg" mb="xs">
            {words.images}
          </Title>
          <WideTable least={480} label={`${words.title}: ${columns.images}`}>
            <Table className={css.table ?? ""}>
              <Table.Thead>
                <Table.Tr>
                  <Table.Th>{columns.image}</Table.Th>
                  <Table.Th>{columns.pair}</Table.Th>
                  <Table.Th ta="right">{columns.counts}</Table.Th>
                  <Table.Th ta="right">{columns.f1}</Table.Th>
                </Table.Tr>
              </Table.Thead>
              <Table.Tbody>
                {report.images.map((one) => (
                  <Table.Tr key={`${one.image_id} ${one.first.user_id} ${one.second.user_id}`}>
                    <Table.Td>
                      <Button
                        variant="subtle"
                        size="compact-sm"
                        ml={-8}
                        aria-label={words.compare(one.name)}
                        onClick={() => choose(one)}
                      >
                        {one.name}
                      </Button>
                    </Table.Td>
                    <Table.Td>{words.and(one.first.name ?? work.former, one.second.name ?? work.former)}</Table.Td>
                    <Table.Td ta="right" className="number">
                      {one.overall.matched} / {one.overall.first} / {one.overall.second}
                    </Table.Td>
                    <Table.Td ta="right" className="number">
                      {figure(one.overall.f1)}
                    </Table.Td>
                  </Table.Tr>
                ))}
              </Table.Tbody>
            </Table>
          </WideTable>
        </section>
      )}
      <Compare projectId={projectId} one={chosen} onClose={() => choose(null)} />
    </>
  );
}

interface FiguresProps {
  head: string;
  first: string;
  second: string;
  rows: readonly ClassAgreement[];
  nameOf: (row: ClassAgreement) => string;
}

function Figures({ head, first, second, rows, nameOf }: FiguresProps) {
  return (
    <WideTable least={480} label={`${words.title}: ${head}`}>
      <Table className={css.table ?? ""}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{head}</Table.Th>
            <Table.Th ta="right">{first}</Table.Th>
            <Table.Th ta="right">{second}</Table.Th>
            <Table.Th ta="right">{columns.matched}</Table.Th>
            <Table.Th ta="right">{columns.iou}</Table.Th>
            <Table.Th ta="right">{columns.f1}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {rows.map((row) => (
            <Table.Tr key={row.class_id ?? ""}>
              <Table.Td>{nameOf(row)}</Table.Td>
              {[String(row.first), String(row.second), String(row.matched), figure(row.iou), figure(row.f1)].map(
                (value, place) => (
                  <Table.Td key={columnsInOrder[place]} ta="right" className="number">
                    {value}
                  </Table.Td>
                ),
              )}
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </WideTable>
  );
}

const columnsInOrder = ["first", "second", "matched", "iou", "f1"] as const;

const figure = (value: number | null | undefined): string => (typeof value === "number" ? value.toFixed(3) : "–");
