import { useEffect, useRef } from "react";
import { echarts, type Option } from "./echarts";

interface Props {
  option: Option;
  label: string;
  height: number;
  /** Dragging selects an interval of the x axis. */
  zoomable?: boolean;
  /** Changing it shows everything again. */
  resetKey?: number;
  onZoom?: (zoomed: boolean) => void;
}

/** An ECharts drawing that follows its box and its options. */
export function EChart({ option, label, height, zoomable = false, resetKey = 0, onZoom }: Props) {
  const box = useRef<HTMLDivElement>(null);
  const chart = useRef<echarts.EChartsType | null>(null);
  const zoomed = useRef(onZoom);
  useEffect(() => {
    zoomed.current = onZoom;
  });
  useEffect(() => {
    if (box.current === null) return undefined;
    const made = echarts.init(box.current, null, { renderer: "canvas" });
    chart.current = made;
    made.on("datazoom", () => {
      const zooms = made.getOption()["dataZoom"] as { start: number; end: number }[] | undefined;
      zoomed.current?.((zooms ?? []).some((zoom) => zoom.start > 0 || zoom.end < 100));
    });
    made.getZr().on("dblclick", () => showAll(made));
    const observer = new ResizeObserver(() => made.resize());
    observer.observe(box.current);
    return () => {
      observer.disconnect();
      made.dispose();
      chart.current = null;
    };
  }, []);
  useEffect(() => {
    chart.current?.setOption(option, { replaceMerge: ["series"] });
    if (zoomable) armZoom(chart.current);
  }, [option, zoomable]);
  useEffect(() => {
    if (resetKey > 0 && chart.current !== null) showAll(chart.current);
  }, [resetKey]);
  return <div ref={box} role="img" aria-label={label} style={{ height, width: "100%" }} />;
}

function showAll(chart: echarts.EChartsType): void {
  chart.dispatchAction({ type: "dataZoom", start: 0, end: 100 });
}

/** Let a drag select at once, without a click on a tool first. */
function armZoom(chart: echarts.EChartsType | null): void {
  chart?.dispatchAction({ type: "takeGlobalCursor", key: "dataZoomSelect", dataZoomSelectActive: true });
}
