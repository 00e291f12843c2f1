import { useComputedColorScheme } from "@mantine/core";
import { useMemo } from "react";
import { ChartCard } from "./ChartCard";
import { EChart } from "./EChart";
import { CURVES, ink, type Option } from "./echarts";

export interface Bars {
  name: string;
  values: readonly (number | null)[];
}

interface Props {
  title: string;
  categories: readonly string[];
  bars: readonly Bars[];
}

/** Horizontal bars of shares from 0 to 1, several per category. */
export function BarChart({ title, categories, bars }: Props) {
  const dark = useComputedColorScheme("light") === "dark";
  const option = useMemo(() => barOption(categories, bars, dark), [categories, bars, dark]);
  const table = () => [
    ["", ...bars.map((bar) => bar.name)],
    ...categories.map((name, index) => [name, ...bars.map((bar) => bar.values[index] ?? null)]),
  ];
  const spoken = categories.map((name, index) => `${name} ${bars.map((b) => share(b.values[index])).join(", ")}`);
  return (
    <ChartCard title={title} option={() => barOption(categories, bars, false)} table={table}>
      <EChart option={option} label={`${title}: ${spoken.join("; ")}`} height={64 + categories.length * 44} />
    </ChartCard>
  );
}

function share(value: unknown): string {
  return typeof value === "number" ? `${(value * 100).toFixed(1)} %` : "–";
}

function barOption(categories: readonly string[], bars: readonly Bars[], dark: boolean): Option {
  const color = ink(dark);
  return {
    animation: false,
    color: [...CURVES[dark ? "dark" : "light"]],
    textStyle: { fontFamily: "system-ui, sans-serif" },
    grid: { left: 8, right: 64, top: 32, bottom: 4, containLabel: true },
    legend: { top: 0, left: 0, textStyle: { color: color.text }, icon: "roundRect" },
    tooltip: {
      trigger: "axis",
      axisPointer: { type: "shadow" },
      confine: true,
      backgroundColor: color.back,
      borderColor: color.line,
      textStyle: { color: color.strong, fontSize: 12 },
      valueFormatter: share,
    },
    xAxis: {
      type: "value",
      min: 0,
      max: 1,
      axisLabel: { color: color.text, formatter: (value: number) => `${Math.round(value * 100)} %` },
      splitLine: { lineStyle: { color: color.line, opacity: 0.6 } },
    },
    yAxis: {
      type: "category",
      inverse: true,
      data: [...categories],
      axisTick: { show: false },
      axisLine: { lineStyle: { color: color.line } },
      axisLabel: { color: color.text, width: 140, overflow: "truncate" },
    },
    series: bars.map((bar) => ({
      type: "bar",
      name: bar.name,
      data: [...bar.values],
      barMaxWidth: 14,
      label: {
        show: true,
        position: "right",
        color: color.text,
        fontSize: 11,
        formatter: (item: { value: unknown }) => share(item.value),
      },
    })),
  };
}
