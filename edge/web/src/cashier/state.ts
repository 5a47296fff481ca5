// What the cashier's page shows now. The bill, the shift and every figure are the edge's; this is only their picture,
// and what is open on the page.
import type { Language } from "@catena/web/money.ts";
import { createStore, useStore } from "@catena/web/store.ts";
import type { Refused } from "@catena/web/client.ts";
import type { Schemas } from "../api";

export type Layout = "scan" | "tiles";

/** A sheet over the page, and what it was opened for. */
export type Panel =
  | { kind: "help" | "more" | "held" | "receipts" | "shift" | "cash" | "value" | "quick" | "open_item" | "void" | "drawer" | "devices" | "bill_discount" | "round_off" | "clerks" | "clock" | "slips" | "timed" | "coupons" }
  | { kind: "members"; text: string; hits?: Schemas["MemberHit"][] }
  | { kind: "member"; id: string }
  | { kind: "member_edit"; member: Schemas["MemberCard"] }
  | { kind: "enrol"; phone: string; card: string }
  | { kind: "top_up" | "card" | "package" | "gifts"; member: Schemas["MemberCard"] }
  | { kind: "candidates"; text: string; candidates: Schemas["Candidate"][] }
  | { kind: "line"; line: Schemas["Line"]; ask: "quantity" | "discount" }
  | { kind: "weight"; product: number; name: string; unit: string }
  | { kind: "switch"; code: string }
  | { kind: "sale"; receipt_no: string }
  | { kind: "top_up_slip"; receipt_no: string; amount: number }
  | { kind: "points"; member: Schemas["MemberCard"] }
  | { kind: "without" }
  | { kind: "held_prices"; held: string; held_total: number; new_total: number }
  | { kind: "override"; refused: Refused; again: (override: Schemas["Override"]) => Promise<unknown> }
  | { kind: "days" }
  | { kind: "z"; z: Schemas["Z"] };

/** A refusal in words under the scan box. */
export interface Notice {
  readonly code: string;
  readonly args: Refused["args"];
}

/** What an event said of the slip of a receipt. */
export interface HeardPrint {
  readonly receipt_no: string;
  readonly print: Schemas["PrintState"];
}

export interface State {
  till: Schemas["Till"] | null;
  bill: Schemas["Bill"] | null;
  /** The last sale, top-up or return of this till: its change stays readable until the next scan. */
  last: Schemas["Done"] | null;
  /** The last event about a slip. */
  heard: HeardPrint | null;
  status: Schemas["Status"] | null;
  /** When the edge stopped answering, UTC ms; null while it answers. */
  lost: number | null;
  seenMs: number;
  /** This browser came over the shop's network and is no till. */
  unpaired: boolean;
  call: Schemas["Call"] | null;
  panel: Panel | null;
  notice: Notice | null;
  /** The line that keys work on; null = the last one. */
  chosen: string | null;
  layout: Layout;
  /** Commands said and not yet answered. */
  busy: number;
  /** Rises when product data changed, so that tiles are read again. */
  catalog: number;
  /** Rises when a slip came out or did not, so that waiting slips are read again. */
  slips: number;
  /** Rises when a sitting changed, so that the board is read again. */
  timed: number;
}

const LAYOUT_KEY = "catena.layout";

/** The layout that was chosen at this till by hand, if any. */
export function keptLayout(): Layout | null {
  const kept = localStorage.getItem(LAYOUT_KEY);
  return kept === "scan" || kept === "tiles" ? kept : null;
}

/** Chooses a layout for this till. */
export function chooseLayout(layout: Layout): void {
  localStorage.setItem(LAYOUT_KEY, layout);
  state.set({ layout });
}

export const initial: State = {
  till: null,
  bill: null,
  last: null,
  heard: null,
  status: null,
  lost: null,
  unpaired: false,
  seenMs: Date.now(),
  call: null,
  panel: null,
  notice: null,
  chosen: null,
  layout: keptLayout() ?? "scan",
  busy: 0,
  catalog: 0,
  slips: 0,
  timed: 0,
};

/** The one state of the page. */
export const state = createStore<State>(initial);

/** A part of the state, for a component. */
export function useTill<T>(pick: (now: State) => T): T {
  return useStore(state, pick);
}

/** The session, for components that stand only while somebody is signed in. */
export function useSession(): Schemas["Session"] | null {
  return useTill((now) => now.till?.session ?? null);
}

/** The printers of the shop. */
export function usePrinters(): Schemas["DeviceState"][] {
  return (useTill((now) => now.status)?.devices ?? []).filter((device) => device.kind === "printer");
}

/** Whether the person signed in has a right. */
export function may(right: string): boolean {
  return state.get().till?.session?.rights.includes(right) ?? false;
}

/** The line that keys work on: the chosen one, else the last. */
export function currentLine(now: State = state.get()): Schemas["Line"] | null {
  const lines = now.bill?.lines ?? [];
  return lines.find((line) => line.id === now.chosen) ?? lines.at(-1) ?? null;
}

export type { Language };
