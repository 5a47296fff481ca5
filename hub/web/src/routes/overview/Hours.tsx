import { fen, yuan } from "@catena/web/money.ts";
import { colours } from "@catena/web/theme.ts";
import { Segmented, Select } from "antd";
import { useMemo, useState } from "react";
import type { Schemas } from "../../api";
import { type HourFigure, openHours, topBranches } from "../../figures";
import { Chart, type Drawing } from "../../kit/Chart";
import { useWords, type Word } from "../../words";

const SHOWN = ["turnover", "received", "top_ups", "bills"] as const satisfies readonly HourFigure[];
/** The grey of "all others" and of the line of a week ago. */
const GREY = "#9aa5a1";
/** ¥10,000 in fen: the unit in which Chinese reads large money. */
const TEN_THOUSAND = 1_000_000;

/** The day by hour: bars by branch, the same weekday a week ago as a line; also as a table. */
export default function Hours(props: { takings: Schemas["Takings"]; before: Schemas["Takings"] | null; branch: string | null; firstHour: number; onBranch: (branch: string | null) => void }) {
  const speech = useWords();
  const { t } = speech;
  const { takings, before, branch, firstHour } = props;
  const [figure, setFigure] = useState<HourFigure>("turnover");
  const [form, setForm] = useState<"chart" | "table">("chart");
  const one = takings.branches.find((at) => at.branch.id === branch) ?? null;
  const past = one === null ? (before?.hours ?? []) : (before?.branches.find((at) => at.branch.id === branch)?.hours ?? []);
  const columns = useMemo(() => {
    if (one !== null) return [{ name: speech.name(one.branch), hours: one.hours }];
    const { top, rest } = topBranches(takings);
    return [...top.map((at) => ({ name: speech.name(at.branch), hours: at.hours })), ...(rest === null ? [] : [{ name: t("hours.others"), hours: rest }])];
  }, [takings, one, speech, t]);
  const hours = openHours([takings.hours, past], firstHour);
  const at = (list: Schemas["Hour"][], hour: number) => list.find((row) => row.hour === hour)?.[figure] ?? 0;
  const show = (value: number) => (figure === "bills" ? value.toString() : fen(value));
  const most = Math.max(0, ...hours.map((hour) => Math.max(at(past, hour), columns.reduce((sum, column) => sum + at(column.hours, hour), 0))));
  const tenThousands = speech.language === "zh" && most >= 2 * TEN_THOUSAND;
  const drawing: Drawing = {
    hours: hours.map((hour) => `${hour}:00`),
    bars: columns.map((column, n) => ({ name: column.name, values: hours.map((hour) => at(column.hours, hour)), colour: n < 5 ? (colours.series[n] ?? GREY) : GREY })),
    line: { name: t("hours.week_ago"), values: hours.map((hour) => at(past, hour)), colour: GREY },
    show: (value) => (figure === "bills" ? value.toString() : yuan(value)),
    empty: figure === "bills" ? 4 : 40_000,
    axis: (value) => (figure === "bills" ? value.toString() : value !== 0 && tenThousands ? t("ten_thousand", { n: value / TEN_THOUSAND }) : fen(value).slice(0, -3)),
  };
  return (
    <>
      <div className="filters">
        <Select
          aria-label={t("hours.branch")}
          value={branch ?? ""}
          onChange={(id) => props.onBranch(id === "" ? null : id)}
          options={[{ value: "", label: t("all_branches") }, ...takings.branches.map((row) => ({ value: row.branch.id, label: speech.name(row.branch) }))]}
          showSearch={{ optionFilterProp: "label" }}
          popupMatchSelectWidth={false}
        />
        <Segmented aria-label={t("hours.figure")} value={figure} onChange={setFigure} options={SHOWN.map((value) => ({ value, label: t(`figure.${value}` as Word) }))} />
        <Segmented aria-label={t("hours.form")} value={form} onChange={setForm} options={[{ value: "chart", label: t("hours.chart") }, { value: "table", label: t("hours.table") }]} />
      </div>
      {form === "chart" ? (
        <Chart drawing={drawing} label={t("hours.label", { figure: t(`figure.${figure}` as Word) })} />
      ) : (
        <div className="hours-table" role="region" aria-label={t("hours.title")} tabIndex={0}>
          <table>
            <thead>
              <tr>
                <th scope="col">{t("hours.hour")}</th>
                {columns.map((column) => (
                  <th key={column.name} scope="col">
                    {column.name}
                  </th>
                ))}
                <th scope="col">{t("hours.week_ago")}</th>
              </tr>
            </thead>
            <tbody>
              {hours.map((hour) => (
                <tr key={hour}>
                  <th scope="row">{hour}:00</th>
                  {columns.map((column) => (
                    <td key={column.name}>{show(at(column.hours, hour))}</td>
                  ))}
                  <td className="soft">{show(at(past, hour))}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </>
  );
}
