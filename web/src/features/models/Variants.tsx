import { Button, Group, Paper, Radio, Table, Text, Title, Tooltip } from "@mantine/core";
import { IconDownload, IconScale } from "@tabler/icons-react";
import { queryOptions, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { api, call } from "../../api/client";
import { keys } from "../../api/keys";
import { jobsQuery, urls } from "../../api/queries";
import type { Model, ModelVariants, Variant } from "../../api/types";
import { Loaded } from "../../components/Loaded";
import { notifyDone } from "../../components/notify";
import { WideTable } from "../../components/WideTable";
import { bytes, milliseconds, percent } from "../../lib/format";
import { common } from "../../strings/common";
import { variants as words } from "../../strings/variants";
import { JobProgress } from "../jobs/JobProgress";
import { isActive, useStartJob } from "../jobs/useJobs";
import { useMay } from "../people/useMay";
import css from "./models.module.css";

const variantsQuery = (modelId: string) =>
  queryOptions({
    queryKey: keys.variants(modelId),
    queryFn: () => call(api.GET("/api/v1/models/{model_id}/variants", { params: { path: { model_id: modelId } } })),
  });

/** The model in fp32, fp16 and int8: size, speed and quality side by side, and which one predicts. */
export function Variants({ model }: { model: Model }) {
  const table = useQuery(variantsQuery(model.id));
  const jobs = useQuery(jobsQuery(model.project_id, "variants"));
  const running = (jobs.data ?? []).find((job) => isActive(job) && job.params["model_id"] === model.id);
  return (
    <Paper component="section" aria-label={words.title} p="sm">
      <Group justify="space-between" mb="xs">
        <Title order={3}>{words.title}</Title>
        {running === undefined && <Make model={model} again={typeof table.data?.split === "string"} />}
      </Group>
      {running !== undefined && (
        <div role="status" aria-label={words.making}>
          <JobProgress job={running} />
        </div>
      )}
      <Loaded query={table}>{(data) => <Side table={data} model={model} />}</Loaded>
    </Paper>
  );
}

function Make({ model, again }: { model: Model; again: boolean }) {
  const may = useMay(model.project_id);
  const start = useStartJob();
  if (!may("manage")) return null;
  return (
    <Button
      variant="default"
      leftSection={<IconScale size={16} aria-hidden />}
      loading={start.isPending}
      onClick={() =>
        start.mutate(
          { kind: "variants", project_id: model.project_id, model_id: model.id },
          { onSuccess: () => notifyDone(words.making) },
        )
      }
    >
      {again ? words.makeAgain : words.make}
    </Button>
  );
}

function Side({ table, model }: { table: ModelVariants; model: Model }) {
  const client = useQueryClient();
  const may = useMay(model.project_id);
  const serve = useMutation({
    mutationFn: (precision: Variant["precision"]) =>
      call(
        api.PUT("/api/v1/models/{model_id}/serving", {
          params: { path: { model_id: model.id } },
          body: { precision },
        }),
      ),
    onSuccess: (changed) => {
      client.setQueryData(keys.variants(model.id), changed);
      notifyDone(words.serves(words.names[changed.serving]));
    },
  });
  if (typeof table.split !== "string") return <Text c="dimmed">{words.empty}</Text>;
  const serving = serve.isPending ? serve.variables : table.serving;
  const heads = words.columns;
  const outlines = table.rows.some((row) => typeof row.metrics?.mask_map50_95 === "number");
  return (
    <>
      <WideTable label={words.title} least={640}>
        <Table aria-label={words.title}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{heads.serving}</Table.Th>
              <Table.Th>{heads.precision}</Table.Th>
              <Table.Th className="number">{heads.size}</Table.Th>
              <Table.Th className="number">{heads.time}</Table.Th>
              <Table.Th className="number">{heads.map}</Table.Th>
              <Table.Th className="number">{heads.map50}</Table.Th>
              {outlines && <Table.Th className="number">{heads.maskMap}</Table.Th>}
              <Table.Th>{heads.file}</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {table.rows.map((row) => (
              <Row key={row.precision} row={row} first={table.rows[0]} modelId={model.id} outlines={outlines}>
                <label className={css.pick}>
                  <Radio
                    name="serving"
                    aria-label={words.let(words.names[row.precision])}
                    checked={serving === row.precision}
                    disabled={row.bytes === null || !may("manage") || serve.isPending}
                    onChange={() => serve.mutate(row.precision)}
                  />
                </label>
              </Row>
            ))}
          </Table.Tbody>
        </Table>
      </WideTable>
      <Text size="sm" c="dimmed" mt="xs">
        {words.measured((common.split as Readonly<Record<string, string>>)[table.split] ?? table.split)}
      </Text>
    </>
  );
}

interface RowProps {
  row: Variant;
  first: Variant | undefined;
  modelId: string;
  outlines: boolean;
  children: React.ReactNode;
}

function Row({ row, first, modelId, outlines, children }: RowProps) {
  const name = words.names[row.precision];
  if (row.bytes === null) {
    return (
      <Table.Tr>
        <Table.Td>{children}</Table.Td>
        <Table.Td>{name}</Table.Td>
        <Table.Td colSpan={outlines ? 6 : 5}>
          <Text size="sm" c="dimmed">
            {words.failed(row.error ?? "")}
          </Text>
        </Table.Td>
      </Table.Tr>
    );
  }
  return (
    <Table.Tr>
      <Table.Td>{children}</Table.Td>
      <Table.Td>{name}</Table.Td>
      <Table.Td className="number">{bytes(row.bytes)}</Table.Td>
      <Table.Td className="number">
        {typeof row.milliseconds === "number" ? milliseconds(row.milliseconds) : "–"}
      </Table.Td>
      <Table.Td className="number">
        <Compared value={row.metrics?.map50_95} first={row.precision === "fp32" ? null : first?.metrics?.map50_95} />
      </Table.Td>
      <Table.Td className="number">{percent(row.metrics?.map50)}</Table.Td>
      {outlines && (
        <Table.Td className="number">
          <Compared
            value={row.metrics?.mask_map50_95}
            first={row.precision === "fp32" ? null : first?.metrics?.mask_map50_95}
          />
        </Table.Td>
      )}
      <Table.Td>
        <Tooltip label={words.download(name)}>
          <Button
            component="a"
            href={`${urls.model(modelId)}?precision=${row.precision}`}
            download
            size="compact-sm"
            variant="subtle"
            aria-label={words.download(name)}
            leftSection={<IconDownload size={14} aria-hidden />}
          >
            {common.download}
          </Button>
        </Tooltip>
      </Table.Td>
    </Table.Tr>
  );
}

type Share = number | null | undefined;

/** A figure, and by how many points it differs from that of the model's own file. */
function Compared({ value, first }: { value: Share; first: Share }) {
  return (
    <>
      {percent(value)}
      {typeof value === "number" && typeof first === "number" && (
        <Text span size="xs" c="dimmed" ml={6}>
          {words.change(100 * (value - first))}
        </Text>
      )}
    </>
  );
}
