// What each event makes stale: the questions of the API to be asked again, by the beginning of their address.
import type { Schemas } from "../api";

const STALE: Readonly<Record<Schemas["Event"]["kind"], readonly string[]>> = {
  sale: ["/api/sales", "/api/members/{id}/history"],
  takings: ["/api/takings"],
  branches: ["/api/branches", "/api/status"],
  members: ["/api/members", "/api/segments", "/api/members/{id}", "/api/claims"],
  messages: ["/api/messages", "/api/messages/{batch}"],
  catalog: ["/api/products", "/api/products/{number}", "/api/categories", "/api/hub"],
  call: ["/api/calls"],
  conflicts: ["/api/conflicts", "/api/status", "/api/claims"],
  exceptions: ["/api/exceptions", "/api/status"],
  staff: ["/api/staff", "/api/roles", "/api/levels", "/api/settings", "/api/message_house", "/api/hub"],
  import: ["/api/import", "/api/openings", "/api/members"],
  reset: [],
};

/** The questions that an event of this kind makes stale. */
export function stale(kind: Schemas["Event"]["kind"]): readonly string[] {
  return STALE[kind] ?? [];
}

/** Sales that the overview keeps in sight. */
export const LAST_SALES = 30;

/** `rows` with a sale that streamed in at its head; one that is there already takes its new state in place. */
export function withSale(rows: readonly Schemas["SaleRow"][], sale: Schemas["SaleRow"]): Schemas["SaleRow"][] {
  if (rows.some((row) => row.id === sale.id)) return rows.map((row) => (row.id === sale.id ? sale : row));
  const at = rows.findIndex((row) => row.at_ms <= sale.at_ms);
  const place = at === -1 ? rows.length : at;
  return [...rows.slice(0, place), sale, ...rows.slice(place)].slice(0, LAST_SALES);
}
