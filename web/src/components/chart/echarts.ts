import { BarChart, LineChart } from "echarts/charts";
import {
  DataZoomComponent,
  GridComponent,
  LegendComponent,
  TitleComponent,
  ToolboxComponent,
  TooltipComponent,
} from "echarts/components";
import * as echarts from "echarts/core";
import { CanvasRenderer, SVGRenderer } from "echarts/renderers";

echarts.use([
  BarChart,
  LineChart,
  DataZoomComponent,
  GridComponent,
  LegendComponent,
  TitleComponent,
  ToolboxComponent,
  TooltipComponent,
  CanvasRenderer,
  SVGRenderer,
]);

export { echarts };
export type Option = echarts.EChartsCoreOption;

/** Colours of curves: far apart in both colour schemes and for colour-blind eyes. */
export const CURVES = {
  light: ["#3c57ba", "#D55E00", "#009E73", "#CC79A7", "#8a6d00"],
  dark: ["#8ea6f0", "#FF9A5C", "#4fd3a8", "#E8ADCB", "#F0E442"],
} as const;

/** Colours of everything that is not a curve. */
export function ink(dark: boolean) {
  return dark
    ? { text: "#b4b4b7", line: "#414145", back: "#1f1f21", strong: "#e6e6e8" }
    : { text: "#5c5c61", line: "#dcdcde", back: "#ffffff", strong: "#1c1c1f" };
}
