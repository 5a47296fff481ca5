// The pages and their addresses. Each page is a chunk of its own; what is looked at (a day, a text, one member) is in
// the address, so that it can be sent to a colleague.
import { createRootRoute, createRoute, createRouter, lazyRouteComponent, redirect } from "@tanstack/react-router";
import { Frame } from "./Frame";
import { Sorry } from "./Broken";

/** What an address may hold after `?`. */
export interface Asked {
  /** A business day, yyyymmdd. */
  day?: number;
  /** First and last day of a report, yyyymmdd. */
  from?: number;
  until?: number;
  /** Which report. */
  report?: string;
  branch?: string;
  text?: string;
  category?: string;
  /** What is asked of members, as the hub takes it after `?`. */
  filter?: string;
  /** The member, product or sale that is open beside the list. */
  id?: string;
  /** A phone number of somebody to be enrolled. */
  enrol?: string;
  /** Exceptions that are closed too. */
  all?: boolean;
}

function asked(search: Record<string, unknown>): Asked {
  const day = (name: string) => {
    const value = Number(search[name]);
    return Number.isInteger(value) && value > 20_000_000 && value < 30_000_000 ? { [name]: value } : {};
  };
  const text = (name: string) => (typeof search[name] === "string" || typeof search[name] === "number" ? { [name]: String(search[name]) } : {});
  return {
    ...day("day"),
    ...day("from"),
    ...day("until"),
    ...text("report"),
    ...text("branch"),
    ...text("text"),
    ...text("category"),
    ...text("filter"),
    ...text("id"),
    ...text("enrol"),
    ...(search["all"] === true ? { all: true } : {}),
  };
}

const root = createRootRoute({ component: Frame, validateSearch: asked, errorComponent: ({ error }) => <Sorry fault={String(error)} /> });
const under = { getParentRoute: () => root } as const;

const pages = [
  createRoute({ ...under, path: "/", component: lazyRouteComponent(() => import("./routes/overview/Overview")) }),
  createRoute({ ...under, path: "/sales", component: lazyRouteComponent(() => import("./routes/Sales")) }),
  createRoute({ ...under, path: "/reports", component: lazyRouteComponent(() => import("./routes/reports/Reports")) }),
  createRoute({ ...under, path: "/branches", component: lazyRouteComponent(() => import("./routes/branches/Branches")) }),
  createRoute({ ...under, path: "/members", component: lazyRouteComponent(() => import("./routes/members/Members")) }),
  createRoute({ ...under, path: "/products", component: lazyRouteComponent(() => import("./routes/products/Products")) }),
  createRoute({ ...under, path: "/calls", component: lazyRouteComponent(() => import("./routes/Calls")) }),
  createRoute({ ...under, path: "/messages", component: lazyRouteComponent(() => import("./routes/messages/Messages")) }),
  createRoute({ ...under, path: "/conflicts", component: lazyRouteComponent(() => import("./routes/Conflicts")) }),
  createRoute({ ...under, path: "/exceptions", component: lazyRouteComponent(() => import("./routes/Exceptions")) }),
  createRoute({ ...under, path: "/import", component: lazyRouteComponent(() => import("./routes/Imports")) }),
  createRoute({ ...under, path: "/staff", component: lazyRouteComponent(() => import("./routes/Staff")) }),
  createRoute({ ...under, path: "/settings", component: lazyRouteComponent(() => import("./routes/settings/Settings")) }),
  createRoute({
    ...under,
    path: "$",
    beforeLoad: () => {
      throw redirect({ to: "/" });
    },
  }),
];

export const router = createRouter({ routeTree: root.addChildren(pages), defaultPreload: "intent" });

declare module "@tanstack/react-router" {
  interface Register {
    router: typeof router;
  }
}
