import { Center, Text, useComputedColorScheme } from "@mantine/core";
import { useMemo, useState } from "react";
import { percent } from "../../lib/format";
import { chart as words } from "../../strings/chart";
import { ChartCard } from "./ChartCard";
import { EChart } from "./EChart";
import { CURVES, ink, type Option } from "./echarts";
import { seriesTable, short, type Series } from "./series";

interface Props {
  title: string;
  xName: string;
  series: readonly Series[];
  /** Whether the values are shares of one, shown in percent. */
  share?: boolean;
  /** Whether x runs from 0 to 1 and not over whole steps. */
  unit?: boolean;
  height?: number;
  /** What is said while there are no values. */
  empty?: string;
}

/** Curves over epochs or steps: values on hover, drag to zoom, saved as SVG, PNG or CSV. */
export function LineChart({
  title,
  xName,
  series,
  share = false,
  unit = false,
  height = 240,
  empty = words.noData,
}: Props) {
  const dark = useComputedColorScheme("light") === "dark";
  const [zoomed, setZoomed] = useState(false);
  const [resets, setResets] = useState(0);
  const option = useMemo(() => lineOption(xName, series, { share, unit, dark }), [xName, series, share, unit, dark]);
  const last = series
    .filter((one) => one.points.length > 0)
    .map((one) => `${one.name} ${said(one.points.at(-1)?.[1] ?? 0, share)}`)
    .join(", ");
  return (
    <ChartCard
      title={title}
      option={() => lineOption(xName, series, { share, unit, dark: false })}
      table={() => seriesTable(xName, series)}
      zoomed={zoomed}
      onReset={() => setResets(resets + 1)}
    >
      {last === "" ? (
        <Center h={height}>
          <Text c="dimmed" size="sm">
            {empty}
          </Text>
        </Center>
      ) : (
        <div title={words.zoomHint}>
          <EChart
            option={option}
            label={words.summary(title, last)}
            height={height}
            zoomable
            resetKey={resets}
            onZoom={setZoomed}
          />
        </div>
      )}
    </ChartCard>
  );
}

function said(value: number, share: boolean): string {
  return share ? percent(value) : short(value);
}

interface Look {
  share: boolean;
  unit: boolean;
  dark: boolean;
}

/** How x is divided: over whole steps, or from 0 to 1. */
function steps(xName: string, unit: boolean) {
  if (unit) {
    const place = (value: number) => String(Number(value.toFixed(2)));
    return {
      min: 0,
      max: 1,
      axisLabel: { formatter: place },
      axisPointer: { label: { formatter: (at: { value: number }) => `${xName} ${place(at.value)}` } },
    };
  }
  return {
    min: "dataMin",
    max: "dataMax",
    minInterval: 1,
    // A zoom may begin between two steps; only whole ones are named.
    axisLabel: { formatter: (value: number) => (Number.isInteger(value) ? String(value) : "") },
    axisPointer: { label: { formatter: (at: { value: number }) => `${xName} ${Math.round(at.value)}` } },
  };
}

function lineOption(xName: string, series: readonly Series[], { share, unit, dark }: Look): Option {
  const scale = steps(xName, unit);
  const color = ink(dark);
  return {
    animation: false,
    color: [...CURVES[dark ? "dark" : "light"]],
    textStyle: { fontFamily: "system-ui, sans-serif" },
    grid: { left: 8, right: 16, top: series.length > 1 ? 32 : 12, bottom: 24, containLabel: true },
    legend: { show: series.length > 1, top: 0, left: 0, textStyle: { color: color.text }, icon: "roundRect" },
    tooltip: {
      trigger: "axis",
      confine: true,
      backgroundColor: color.back,
      borderColor: color.line,
      textStyle: { color: color.strong, fontSize: 12 },
      valueFormatter: (value: unknown) => (typeof value === "number" ? said(value, share) : "–"),
    },
    toolbox: { top: -60, feature: { dataZoom: { yAxisIndex: "none" } } },
    dataZoom: [{ type: "inside", xAxisIndex: 0, filterMode: "none", zoomOnMouseWheel: "ctrl", moveOnMouseMove: false }],
    xAxis: {
      type: "value",
      name: xName,
      nameLocation: "middle",
      nameGap: 26,
      nameTextStyle: { color: color.text },
      ...scale,
      axisLabel: { color: color.text, ...scale.axisLabel },
      axisLine: { lineStyle: { color: color.line } },
      splitLine: { show: false },
    },
    yAxis: {
      type: "value",
      scale: !share,
      ...(share ? { min: 0, max: 1 } : {}),
      axisLabel: { color: color.text, ...(share ? { formatter: (value: number) => percent(value, 0) } : {}) },
      splitLine: { lineStyle: { color: color.line, opacity: 0.6 } },
    },
    series: series.map((one) => ({
      type: "line",
      name: one.name,
      data: one.points,
      showSymbol: one.marks === true || (one.points.length < 3 && !unit),
      symbolSize: 6,
      lineStyle: { width: 2 },
      emphasis: { disabled: true },
      sampling: "lttb",
    })),
  };
}
