// A file for a spreadsheet, made from what the page shows. Lists of the hub come from the hub (`exportAddress`).
import { typed } from "@catena/web/money.ts";
import { fullClock } from "@catena/web/when.ts";

/** A cell: text, a count, fen as yuan, thousandths as a decimal, or UTC milliseconds as a time. */
export type Cell = string | number | { fen: number } | { thousandths: number } | { ms: number };

/** One cell as written. Text that a spreadsheet would take for a formula is kept as text. */
function written(cell: Cell): string {
  if (typeof cell === "number") return cell.toString();
  if (typeof cell === "object") {
    if ("fen" in cell) return typed(cell.fen);
    return "ms" in cell ? fullClock(cell.ms) : (cell.thousandths / 1000).toString();
  }
  const text = /^[=+\-@\t\r]/.test(cell) ? `'${cell}` : cell;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** Rows as CSV: UTF-8 with its mark, CRLF. */
export function csv(rows: readonly (readonly Cell[])[]): string {
  return `\uFEFF${rows.map((row) => row.map(written).join(",")).join("\r\n")}\r\n`;
}

/** Hands `rows` to the person as a file. */
export function save(name: string, rows: readonly (readonly Cell[])[]): void {
  const address = URL.createObjectURL(new Blob([csv(rows)], { type: "text/csv;charset=utf-8" }));
  const link = document.createElement("a");
  link.href = address;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 1_000);
}
