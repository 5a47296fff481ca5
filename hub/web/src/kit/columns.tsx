// Columns of tables: what is shown, how it sorts, what it can be filtered by. Money and times stand right, in figures of one width.
import { fen, quantity } from "@catena/web/money.ts";
import { dayClock } from "@catena/web/when.ts";
import { Button, type TableColumnType } from "antd";
import type { ReactNode } from "react";
import type { Cell } from "./sheet";

/** A column of a table; `cell` is what stands in a file, nothing for a column of buttons. */
export type Column<T> = Omit<TableColumnType<T>, "title"> & { title: string; cell?: (row: T) => Cell };

const filled =
  <T,>(pick: (row: T) => number | null, cell: (value: number) => Cell) =>
  (row: T): Cell => {
    const value = pick(row);
    return value === null ? "" : cell(value);
  };

const compare = (a: string, b: string) => a.localeCompare(b, "zh");

/** Text; `filter` lets the table be narrowed to the values that occur. */
export function text<T extends object>(title: string, pick: (row: T) => string, more: { filter?: readonly T[]; show?: (row: T) => ReactNode } & Omit<Column<T>, "title"> = {}): Column<T> {
  const { filter, show, ...rest } = more;
  const values = filter === undefined ? [] : [...new Set(filter.map(pick))].filter((value) => value !== "").sort(compare);
  return {
    title,
    render: (_, row) => (show === undefined ? pick(row) : show(row)),
    sorter: (a, b) => compare(pick(a), pick(b)),
    cell: pick,
    ...(values.length > 1 ? { filters: values.map((value) => ({ text: value, value })), filterSearch: values.length > 8, onFilter: (value, row) => pick(row) === value } : {}),
    ...rest,
  };
}

/** A number that stands right; `show` makes its text. */
export function number<T extends object>(title: string, pick: (row: T) => number | null, show: (value: number, row: T) => ReactNode, more: Omit<Column<T>, "title"> = {}): Column<T> {
  return {
    title,
    align: "right",
    className: "figure",
    sorter: (a, b) => (pick(a) ?? Number.NEGATIVE_INFINITY) - (pick(b) ?? Number.NEGATIVE_INFINITY),
    cell: (row) => pick(row) ?? "",
    render: (_, row) => {
      const value = pick(row);
      return value === null ? <span className="soft">—</span> : show(value, row);
    },
    ...more,
  };
}

/** Fen. */
export function money<T extends object>(title: string, pick: (row: T) => number | null, more: Omit<Column<T>, "title"> = {}): Column<T> {
  return number(title, pick, (value) => <span className={value < 0 ? "below" : ""}>{fen(value)}</span>, { cell: filled(pick, (amount) => ({ fen: amount })), ...more });
}

/** Thousandths. */
export function pieces<T extends object>(title: string, pick: (row: T) => number | null, more: Omit<Column<T>, "title"> = {}): Column<T> {
  return number(title, pick, (value) => <span className={value < 0 ? "below" : ""}>{quantity(value)}</span>, { cell: filled(pick, (thousandths) => ({ thousandths })), ...more });
}

/** UTC milliseconds. */
export function time<T extends object>(title: string, pick: (row: T) => number | null, more: Omit<Column<T>, "title"> = {}): Column<T> {
  return number(title, pick, (value) => dayClock(value), { align: "left", cell: filled(pick, (ms) => ({ ms })), ...more });
}

/** Text that opens what the row is about. */
export function opening<T extends object>(title: string, pick: (row: T) => string, open: (row: T) => void, more: { show?: (row: T) => ReactNode } & Omit<Column<T>, "title"> = {}): Column<T> {
  const { show, ...rest } = more;
  return text(title, pick, {
    ...rest,
    show: (row) => (
      <Button type="link" className="opening" onClick={() => open(row)}>
        {show === undefined ? pick(row) : show(row)}
      </Button>
    ),
  });
}
