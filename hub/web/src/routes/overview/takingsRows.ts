import type { Speech } from "@catena/web/i18n.ts";
import type { Schemas } from "../../api";
import type { Cell } from "../../kit/sheet";
import type { Word } from "../../words";

/** The heads and rows of a day's takings for a spreadsheet: a row per branch, then a row per branch and hour in which anything happened. */
export function takingsRows(speech: Speech<Word>, takings: Schemas["Takings"]): { columns: string[]; rows: Cell[][] } {
  const { t } = speech;
  const columns = [t("day.pick"), t("branch"), t("hours.hour"), t("figure.turnover"), t("figure.received"), t("figure.top_ups"), t("figure.bills")];
  const day: Cell = { day: takings.day };
  const row = (name: string, hour: string, of: { turnover: number; received: number; top_ups: number; bills: number }): Cell[] => [
    day,
    name,
    hour,
    { fen: of.turnover },
    { fen: of.received },
    { fen: of.top_ups },
    of.bills,
  ];
  const busy = (hour: Schemas["Hour"]) => hour.turnover !== 0 || hour.received !== 0 || hour.bills !== 0;
  const rows = [
    row(t("all_branches"), "", takings.total),
    ...takings.branches.map((one) => row(speech.name(one.branch), "", one.figures)),
    ...takings.branches.flatMap((one) => one.hours.filter(busy).map((hour) => row(speech.name(one.branch), `${hour.hour}:00`, hour))),
  ];
  return { columns, rows };
}
