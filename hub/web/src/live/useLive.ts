import { useEvents } from "@catena/web/events.ts";
import { createStore, useStore } from "@catena/web/store.ts";
import { queries, type Schemas } from "../api";
import { createReread } from "./reread";
import { LAST_SALES, stale, withSale } from "./events";

/** A question is not asked more often than this, however many events name it. */
const GAP_MS = 300;

/** Whether the stream of events stands, and what came over it. */
export const live = createStore<{ open: boolean; arrived: ReadonlySet<string> }>({ open: false, arrived: new Set() });

/** Whether the page is told of changes as they happen. */
export function useLiveOpen(): boolean {
  return useStore(live, (now) => now.open);
}

/** Sales that came while the page stood: they are marked for a moment. */
export function useArrived(): ReadonlySet<string> {
  return useStore(live, (now) => now.arrived);
}

/** Where the overview keeps the last sales of all branches. */
const lastSalesKey = ["/api/sales", null, { limit: LAST_SALES }] as const;

const reread = createReread((path) => queries.refetchQueries({ queryKey: [path], type: "active" }), GAP_MS);

function heard(event: Schemas["Event"]): void {
  if (event.kind === "sale") {
    queries.setQueryData<{ total: number; rows: Schemas["SaleRow"][] }>(lastSalesKey, (now) =>
      now === undefined ? now : { total: now.total + 1, rows: withSale(now.rows, event.sale) },
    );
    live.set((now) => ({ arrived: new Set([event.sale.id, ...now.arrived].slice(0, LAST_SALES)) }));
  }
  if (event.kind === "import") {
    queries.setQueryData<{ rows: Schemas["Import"][] }>(["/api/import", null, null], (now) =>
      now === undefined ? now : { rows: [event.import, ...now.rows.filter((row) => row.job !== event.import.job)] },
    );
  }
  for (const path of stale(event.kind)) {
    // What nobody looks at is only marked, and read when it is looked at.
    void queries.invalidateQueries({ queryKey: [path], refetchType: "none" });
    reread(path);
  }
}

/** Follows the hub's events while somebody is signed in: the one stream of this page. */
export function useLive(signedIn: boolean): void {
  useEvents<Schemas["Event"]>(
    signedIn ? "/api/events" : null,
    heard,
    () => void queries.invalidateQueries(),
    (open) => live.set({ open }),
  );
}
