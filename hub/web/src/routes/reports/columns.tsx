// Columns of a report, from what the hub declares of it.
import { count, fen, quantity } from "@catena/web/money.ts";
import { day as dayText, dayClock } from "@catena/web/when.ts";
import { Button } from "antd";
import type { ReactNode } from "react";
import type { Schemas } from "../../api";
import type { Column } from "../../kit/columns";

export type Cell = Schemas["Cell"];
type Form = Schemas["Form"];
/** A row with its place in the report. */
export type Numbered = Schemas["ReportRow"] & { n: number };

/** A text in the language of the pages. */
export function said(cell: Cell, english: boolean): string {
  if (cell === null || cell === undefined) return "";
  if (typeof cell === "object") return english && cell.en !== "" ? cell.en : cell.zh;
  return cell.toString();
}

/** A cell as it is read. */
export function shown(cell: Cell, form: Form, english: boolean): string {
  if (typeof cell !== "number") return said(cell, english);
  switch (form) {
    case "money":
      return fen(cell);
    case "quantity":
      return quantity(cell);
    case "day":
      return cell === 0 ? "" : dayText(cell);
    case "time":
      return cell === 0 ? "" : dayClock(cell);
    case "count":
      return count(cell);
    case "text":
      return cell.toString();
  }
}

/** Money, quantities and counts stand right, in figures of one width. */
export const RIGHT: readonly Form[] = ["money", "quantity", "count"];

function compare(a: Cell, b: Cell, english: boolean): number {
  if (typeof a === "number" && typeof b === "number") return a - b;
  return said(a, english).localeCompare(said(b, english), "zh");
}

/** The columns of a report; a row that opens something does so by its first cell. */
export function reportColumns(columns: readonly Schemas["ReportColumn"][], rows: readonly Numbered[], english: boolean, open: (opens: Schemas["Opens"]) => void): Column<Numbered>[] {
  return columns.map(({ zh, en, form }, at) => {
    const cell = (row: Numbered): Cell => row.cells[at] ?? null;
    const text = (row: Numbered) => shown(cell(row), form, english);
    const values = form === "text" ? [...new Set(rows.map(text))].filter((value) => value !== "") : [];
    const few = values.length > 1 && values.length <= 60;
    const link = (row: Numbered): ReactNode => {
      const opens = row.opens;
      if (at !== 0 || opens === null) return text(row);
      return (
        <Button type="link" className="opening" onClick={() => open(opens)}>
          {text(row)}
        </Button>
      );
    };
    return {
      title: english ? en : zh,
      key: `${at}`,
      ...(RIGHT.includes(form) ? { align: "right" as const, className: "figure" } : {}),
      sorter: (a, b) => compare(cell(a), cell(b), english),
      ...(few ? { filters: values.map((value) => ({ text: value, value })), filterSearch: values.length > 8, onFilter: (value, row) => text(row) === value } : {}),
      render: (_: unknown, row: Numbered) => {
        const value = cell(row);
        return typeof value === "number" && value < 0 && RIGHT.includes(form) ? <span className="below">{link(row)}</span> : link(row);
      },
    };
  });
}
