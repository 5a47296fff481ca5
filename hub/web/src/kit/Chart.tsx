import { colours, fontFamily } from "@catena/web/theme.ts";
import { BarChart, LineChart } from "echarts/charts";
import { AriaComponent, GridComponent, LegendComponent, TooltipComponent } from "echarts/components";
import { type ECharts, init, use } from "echarts/core";
import { SVGRenderer } from "echarts/renderers";
import { useEffect, useRef } from "react";

use([BarChart, LineChart, GridComponent, LegendComponent, TooltipComponent, AriaComponent, SVGRenderer]);

interface Row {
  name: string;
  values: number[];
  colour: string;
}

/** Stacked bars by hour and one line to compare with. */
export interface Drawing {
  hours: string[];
  bars: Row[];
  line: Row;
  /** A value as read in the tooltip. */
  show: (value: number) => string;
  /** Where the axis ends when there is nothing to show yet. */
  empty: number;
  /** A value as read at the axis. */
  axis: (value: number) => string;
}

function option(drawing: Drawing) {
  return {
    animation: false,
    textStyle: { fontFamily, color: colours.inkSoft },
    grid: { left: 8, right: 8, top: 34, bottom: 4, containLabel: true },
    legend: { top: 0, right: 0, type: "scroll", itemWidth: 12, itemHeight: 9, itemGap: 8, textStyle: { color: colours.ink, fontSize: 12 } },
    tooltip: { trigger: "axis", axisPointer: { type: "shadow" }, valueFormatter: (value: number) => drawing.show(value), order: "valueDesc" },
    xAxis: { type: "category", data: drawing.hours, axisTick: { show: false }, axisLine: { lineStyle: { color: colours.line } }, axisLabel: { color: colours.inkSoft } },
    yAxis: { type: "value", splitNumber: 4, max: (extent: { max: number }) => (extent.max <= 0 ? drawing.empty : null), axisLabel: { color: colours.inkSoft, formatter: drawing.axis }, splitLine: { lineStyle: { color: colours.line } } },
    series: [
      ...drawing.bars.map((row) => ({ type: "bar", stack: "day", name: row.name, data: row.values, itemStyle: { color: row.colour }, barMaxWidth: 34, emphasis: { focus: "series" } })),
      { type: "line", name: drawing.line.name, data: drawing.line.values, symbol: "none", lineStyle: { color: drawing.line.colour, type: "dashed", width: 2 }, itemStyle: { color: drawing.line.colour } },
    ],
  };
}

/** A chart that is drawn again when its figures or its room change. */
export function Chart({ drawing, label }: { drawing: Drawing; label: string }) {
  const box = useRef<HTMLDivElement>(null);
  const chart = useRef<ECharts | null>(null);
  useEffect(() => {
    if (box.current === null) return;
    const made = init(box.current, null, { renderer: "svg" });
    chart.current = made;
    const room = new ResizeObserver(() => made.resize());
    room.observe(box.current);
    return () => {
      room.disconnect();
      made.dispose();
      chart.current = null;
    };
  }, []);
  useEffect(() => {
    chart.current?.setOption(option(drawing), { replaceMerge: ["series"] });
  });
  return <div ref={box} className="chart" role="img" aria-label={label} />;
}
