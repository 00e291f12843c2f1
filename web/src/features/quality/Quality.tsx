import { Select, SimpleGrid, Stack, Text, Title } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useCallback, useMemo, useRef, useState } from "react";
import { ApiError } from "../../api/client";
import type { Evaluation, Model, QualityReport } from "../../api/types";
import { LineChart } from "../../components/chart/LineChart";
import { Loaded } from "../../components/Loaded";
import { count } from "../../lib/format";
import { quality as words } from "../../strings/quality";
import { CalibrationChart } from "./CalibrationChart";
import { ConfusionMatrix } from "./ConfusionMatrix";
import { ErrorKinds } from "./ErrorKinds";
import { prSeries, scoreSeries } from "./figures";
import { OutcomeBrowser } from "./OutcomeBrowser";
import { reportQuery } from "./queries";
import { TwinsWarning } from "./TwinsWarning";
import { useView } from "./useView";
import { asking, type Question } from "./view";

/** How a model errs in an evaluation, down to the images. */
export function Quality({ evaluation, model }: { evaluation: Evaluation; model: Model }) {
  const report = useQuery(reportQuery(evaluation.id));
  if (report.error instanceof ApiError && report.error.code === "report_missing")
    return <Text c="dimmed">{words.missing}</Text>;
  return (
    <Stack component="section" aria-label={words.title}>
      <Title order={2}>{words.title}</Title>
      <Loaded query={report}>{(data) => <Report report={data} evaluation={evaluation} model={model} />}</Loaded>
    </Stack>
  );
}

interface Props {
  report: QualityReport;
  evaluation: Evaluation;
  model: Model;
}

function Report({ report, evaluation, model }: Props) {
  const { view, set } = useView();
  const browser = useRef<HTMLDivElement>(null);
  const names = useMemo(() => new Map(report.classes.map((one) => [one.class_id, one.name])), [report]);
  const nameOf = useCallback((id: string) => names.get(id) ?? words.background, [names]);
  const ask = (question: Question) =>
    set(asking(view, question), () => {
      browser.current?.scrollIntoView({ block: "start" });
      browser.current?.focus({ preventScroll: true });
    });
  return (
    <>
      <Text size="sm" c="dimmed">
        {words.counts(count(report.true_positives), count(report.false_positives), count(report.false_negatives))}.{" "}
        {words.countsHint}
      </Text>
      <TwinsWarning twins={report.twins} />
      <Curves report={report} />
      <SimpleGrid cols={{ base: 1, md: 2 }}>
        <ErrorKinds report={report} onAsk={ask} />
        <CalibrationChart calibration={report.calibration} />
      </SimpleGrid>
      <ConfusionMatrix report={report} nameOf={nameOf} onAsk={ask} />
      <div ref={browser} tabIndex={-1} style={{ outline: "none", scrollMarginTop: 16 }}>
        <OutcomeBrowser evaluation={evaluation} model={model} classes={report.classes} nameOf={nameOf} />
      </div>
    </>
  );
}

function Curves({ report }: { report: QualityReport }) {
  const [wanted, choose] = useState<string | null>(null);
  const { classes } = report;
  const given = useMemo(() => classes.filter((one) => one.pr.length > 0), [classes]);
  const pr = useMemo(() => prSeries(given, wanted ?? undefined), [given, wanted]);
  const scores = useMemo(() => scoreSeries(given, wanted ?? undefined), [given, wanted]);
  if (given.length === 0) return <Text c="dimmed">{words.nothing}</Text>;
  return (
    <>
      {given.length > 1 && (
        <Select
          label={words.curvesOf}
          maw={280}
          clearable
          searchable={given.length > 8}
          placeholder={words.allClasses}
          data={given.map((one) => ({ value: one.class_id, label: one.name }))}
          value={wanted}
          onChange={choose}
        />
      )}
      <SimpleGrid cols={{ base: 1, md: 2 }}>
        <LineChart title={words.pr} xName={words.recall} series={pr} share unit />
        <LineChart title={wanted === null ? words.f1 : words.byScore} xName={words.score} series={scores} share unit />
      </SimpleGrid>
    </>
  );
}
