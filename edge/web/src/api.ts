// The edge, as its own pages speak to it. All types come from the edge's OpenAPI.
import type { components, paths } from "@catena/web/api/edge.d.ts";
import { createClient } from "@catena/web/client.ts";

export type Schemas = components["schemas"];
export type { paths };

/** The edge that this page came from. */
export const edge = createClient<paths>();
