// Excel files. The hub writes all of them: of its own lists by their address, of a table that the page holds from its cells.
import { Refused, Unreachable } from "@catena/web/client.ts";

/** A cell: text, a count, fen as yuan, thousandths as a decimal, UTC milliseconds as a time, or yyyymmdd as a day. */
export type Cell = string | number | { fen: number } | { thousandths: number } | { ms: number } | { day: number };

/** How long the hub may take for a long list. */
const FILE_MS = 120_000;

/** The name that the hub gave a file. */
export function nameOf(disposition: string): string {
  const name = /filename\*=UTF-8''([^;]+)/.exec(disposition)?.[1];
  return name === undefined ? "table.xlsx" : decodeURIComponent(name);
}

/** Asks for a file and hands it to the person. */
async function fetched(address: string, init: RequestInit): Promise<void> {
  let response: Response;
  try {
    response = await fetch(address, { credentials: "same-origin", signal: AbortSignal.timeout(FILE_MS), ...init });
  } catch (cause) {
    throw new Unreachable("no answer", { cause });
  }
  if (!response.ok) {
    const refusal = (await response.json().catch(() => ({}))) as { code?: string; args?: Refused["args"] };
    throw new Refused(response.status, refusal.code ?? "unnamed", refusal.args ?? {});
  }
  const file = URL.createObjectURL(await response.blob());
  const link = document.createElement("a");
  link.href = file;
  link.download = nameOf(response.headers.get("content-disposition") ?? "");
  link.click();
  setTimeout(() => URL.revokeObjectURL(file), 1_000);
}

/** A list of the hub; `reason`: why it leaves the house. */
export function fetchList(address: string, reason: string): Promise<void> {
  return fetched(reason === "" ? address : `${address}${address.includes("?") ? "&" : "?"}reason=${encodeURIComponent(reason)}`, { method: "GET" });
}

/** A table that the page holds. */
export function fetchTable(title: string, columns: readonly string[], rows: readonly (readonly Cell[])[]): Promise<void> {
  return fetched("/api/export", { method: "POST", headers: { "content-type": "application/json", "x-catena": "1" }, body: JSON.stringify({ title, columns, rows }) });
}
