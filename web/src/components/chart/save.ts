import { fileName, saveText, saveUrl } from "../../lib/download";
import { toCsv } from "../../lib/csv";
import { echarts, type Option } from "./echarts";

const WIDTH = 960;
const HEIGHT = 480;

/** A drawing of a chart away from the screen, always on a light ground, as reports need it. */
function drawn<T>(
  title: string,
  option: Option,
  renderer: "svg" | "canvas",
  take: (chart: echarts.EChartsType) => T,
): T {
  const holder = document.createElement("div");
  const chart = echarts.init(holder, null, { renderer, width: WIDTH, height: HEIGHT });
  const grid = { ...(option["grid"] as object), top: 72 };
  const legend = { ...(option["legend"] as object), top: 36 };
  const heading = { text: title, left: 0, top: 4, textStyle: { fontSize: 16 } };
  chart.setOption({ ...option, grid, legend, title: heading, animation: false, backgroundColor: "#ffffff" });
  try {
    return take(chart);
  } finally {
    chart.dispose();
  }
}

export function saveSvg(title: string, option: Option): void {
  const text = drawn(title, option, "svg", (chart) => chart.renderToSVGString());
  saveText(`${fileName(title)}.svg`, text, "image/svg+xml");
}

export function savePng(title: string, option: Option): void {
  saveUrl(
    drawn(title, option, "canvas", (chart) => chart.getDataURL({ type: "png", pixelRatio: 2 })),
    `${fileName(title)}.png`,
  );
}

export type Table = readonly (readonly (string | number | null)[])[];

export function saveCsv(title: string, table: Table): void {
  saveText(`${fileName(title)}.csv`, toCsv(table), "text/csv");
}
