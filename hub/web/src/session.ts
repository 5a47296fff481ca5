// Who is signed in and what they may. The server refuses what a right does not cover; the pages only hide it.
import { useEffect, useState } from "react";
import { queries, useRead, type Schemas } from "./api";

/** A right as the hub names it. */
export type Right = Schemas["Right"];

/** The chain, the day, and who is signed in; null while that is being read. */
export function useHub(): Schemas["Hub"] | null {
  return useRead("/api/hub").data ?? null;
}

/** Whether the person who is signed in has a right. */
export function useMay(): (right: Right) => boolean {
  const rights = useHub()?.session?.rights ?? [];
  return (right) => rights.includes(right);
}

/** The hub's clock now, UTC ms: its time when it was last read and what has passed since. */
function hubNowMs(): number {
  const read = queries.getQueryState<Schemas["Hub"]>(["/api/hub", null, null]);
  return read?.data === undefined ? Date.now() : read.data.now_ms + (Date.now() - read.dataUpdatedAt);
}

/** How often spans such as "cut off for 32 min" are counted anew. */
const RECOUNT_MS = 20_000;

/** The hub's clock, counted anew while the component stands. Asks the hub nothing. */
export function useNowMs(): number {
  const [now, setNow] = useState(hubNowMs);
  useEffect(() => {
    const tick = setInterval(() => setNow(hubNowMs()), RECOUNT_MS);
    return () => clearInterval(tick);
  }, []);
  return now;
}
