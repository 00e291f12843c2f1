import { Paper, Table, Title, Tooltip } from "@mantine/core";
import type { Metrics, Model } from "../../api/types";
import { ClassName } from "../../components/ClassName";
import { WideTable } from "../../components/WideTable";
import { count, percent } from "../../lib/format";
import { models as words } from "../../strings/models";

/** Every class with the samples it was learned from and the quality that came of it. */
export function ClassTable({ model, metrics }: { model: Model; metrics: Metrics }) {
  const heads = words.classTable;
  const outlines = typeof metrics.mask_map50_95 === "number";
  const quality = new Map(metrics.per_class.map((one) => [one.class_id, one]));
  const named = new Map(metrics.per_class.map((one) => [one.name, one]));
  return (
    <Paper component="section" aria-label={words.classes} p="sm">
      <Title order={3}>{words.classes}</Title>
      <WideTable label={words.classes} least={880}>
        <Table aria-label={words.classes}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{heads.name}</Table.Th>
              <Table.Th className="number">{heads.train}</Table.Th>
              <Table.Th className="number">{heads.val}</Table.Th>
              <Table.Th className="number">{heads.instances}</Table.Th>
              <Table.Th className="number">{heads.ap50}</Table.Th>
              <Table.Th className="number">{heads.ap}</Table.Th>
              {outlines && <Table.Th className="number">{heads.maskAp}</Table.Th>}
              <Table.Th className="number">{heads.precision}</Table.Th>
              <Table.Th className="number">{heads.recall}</Table.Th>
              <Table.Th className="number">{heads.f1}</Table.Th>
              <Table.Th className="number">
                <Tooltip label={words.operatingHint} multiline maw={280}>
                  <span>{heads.operating}</span>
                </Tooltip>
              </Table.Th>
              <Table.Th className="number">
                <Tooltip label={words.thresholdHint} multiline maw={280}>
                  <span>{heads.threshold}</span>
                </Tooltip>
              </Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {model.card.classes.map((one) => {
              const found = quality.get(one.id) ?? named.get(one.name);
              return (
                <Table.Tr key={one.id}>
                  <Table.Td>
                    <ClassName name={one.name} color={one.color} />
                  </Table.Td>
                  <Table.Td className="number">{count(one.train)}</Table.Td>
                  <Table.Td className="number">{count(one.val)}</Table.Td>
                  <Table.Td className="number">{count(found?.instances ?? 0)}</Table.Td>
                  <Table.Td className="number">{percent(found?.ap50)}</Table.Td>
                  <Table.Td className="number">{percent(found?.ap50_95)}</Table.Td>
                  {outlines && <Table.Td className="number">{percent(found?.mask_ap50_95)}</Table.Td>}
                  <Table.Td className="number">{percent(found?.precision)}</Table.Td>
                  <Table.Td className="number">{percent(found?.recall)}</Table.Td>
                  <Table.Td className="number">{percent(found?.f1)}</Table.Td>
                  <Table.Td className="number">{(one.threshold ?? model.card.score_threshold).toFixed(2)}</Table.Td>
                  <Table.Td className="number">{found?.best_threshold?.toFixed(2) ?? "–"}</Table.Td>
                </Table.Tr>
              );
            })}
          </Table.Tbody>
        </Table>
      </WideTable>
    </Paper>
  );
}
