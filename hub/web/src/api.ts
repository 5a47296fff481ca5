// The hub, as the dashboard speaks to it: questions through TanStack Query, commands through the one client. All types come from the hub's OpenAPI.
import type { components, paths } from "@catena/web/api/hub.d.ts";
import type { CommandAnswer, CommandBody, CommandName, Parts, Query, Read, Readable } from "@catena/web/api/paths.ts";
import { createClient, type Refused } from "@catena/web/client.ts";
import { keepSame } from "@catena/web/store.ts";
import { keepPreviousData, QueryClient, useQuery, type UseQueryResult } from "@tanstack/react-query";

export type Schemas = components["schemas"];
export type { CommandAnswer, CommandBody, CommandName, paths };

/** The hub that this page came from. */
export const hub = createClient<paths>();

/** Everything that was read. Re-read when an event names it, never by a timer. */
export const queries = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: Number.POSITIVE_INFINITY,
      refetchOnWindowFocus: false,
      structuralSharing: (old, next) => keepSame(old, next),
      retry: (tries, failure) => tries < 2 && failure.name === "Unreachable",
    },
  },
});

type Of<K extends Readable<paths>> = { parts?: Parts<paths, K>; query?: Query<paths, K>; when?: boolean };

/** The answer to a GET of `path`; read again when an event names `path`. */
export function useRead<K extends Readable<paths>>(path: K, of: Of<K> = {}) {
  return useQuery<Read<paths, K>, Refused | Error>({
    queryKey: [path, of.parts ?? null, of.query ?? null],
    queryFn: () => hub.read(path, asked<K>(of.parts, of.query)),
    enabled: of.when ?? true,
  });
}

/** Rows in one answer of the hub. */
const PAGE_ROWS = 200;
/** Rows that a table holds at most; what is more is counted, and exported. */
const TABLE_ROWS = 1_000;

type Lists = { [K in Readable<paths>]: Read<paths, K> extends { total: number; rows: object[] } ? K : never }[Readable<paths>];
type RowOf<K extends Lists> = Read<paths, K> extends { rows: (infer T)[] } ? T : never;

/** A whole list, so that its table can sort and filter it: the first `TABLE_ROWS` rows, and how many there are. */
export function useList<K extends Lists>(path: K, of: Of<K> = {}): UseQueryResult<{ total: number; rows: RowOf<K>[] }, Refused | Error> {
  return useQuery<{ total: number; rows: RowOf<K>[] }, Refused | Error>({
    queryKey: [path, of.parts ?? null, of.query ?? null],
    queryFn: async () => {
      const rows: RowOf<K>[] = [];
      let total = 0;
      do {
        const query = { ...(of.query as object | undefined), offset: rows.length, limit: PAGE_ROWS } as Query<paths, K>;
        const page = (await hub.read(path, asked<K>(of.parts, query))) as unknown as { total: number; rows: RowOf<K>[] };
        total = page.total;
        rows.push(...page.rows);
        if (page.rows.length === 0) break;
      } while (rows.length < Math.min(total, TABLE_ROWS));
      return { total, rows };
    },
    ...(of.parts === undefined ? { placeholderData: keepPreviousData } : {}),
    enabled: of.when ?? true,
  });
}

function asked<K extends Readable<paths>>(parts: Parts<paths, K> | undefined, query: Query<paths, K> | undefined) {
  return { ...(parts === undefined ? {} : { parts }), ...(query === undefined ? {} : { query }) } as { parts?: Parts<paths, K>; query?: Query<paths, K> };
}

/** The address of a list as an Excel file, with the same filters. */
export function exportAddress(list: string, query: Readonly<Record<string, string | number | boolean | undefined>> = {}): string {
  const filters = Object.entries(query).filter(([, value]) => value !== undefined && value !== "");
  const text = new URLSearchParams(filters.map(([name, value]) => [name, String(value)])).toString();
  return `/api/export/${list}.xlsx${text === "" ? "" : `?${text}`}`;
}
