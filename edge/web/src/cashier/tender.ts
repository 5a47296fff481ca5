// The tender keys: which key belongs to which tender, and what pressing it does.
import { readFen } from "@catena/web/money.ts";
import type { Schemas } from "../api";
import { open, pay } from "./actions";
import { boxText } from "./box";
import { state } from "./state";

/** Keys of the tenders in the order of the settings; F1 to F6 are the functions', also with the shift key. */
const KEYS = ["F7", "F8", "F9", "F10", "F11", "⇧F7", "⇧F8", "⇧F9", "⇧F10", "⇧F11"];

/** What a key is called on the page: `⇧` is the shift key. */
export function keyName({ key, shiftKey }: { key: string; shiftKey: boolean }): string {
  return shiftKey ? `⇧${key}` : key;
}

/** An amount is typed before a tender key; longer digits are a code. */
const AMOUNT = /^\d{1,6}(\.\d{0,2})?$/;

/** The key of a tender: the settings' own, else by its place. */
export function tenderKey(kind: Schemas["TenderKind"], place: number): string | null {
  return kind.key ?? KEYS[place] ?? null;
}

/** The tender whose key this is. */
export function tenderOf(key: string): Schemas["TenderKind"] | null {
  const tenders = state.get().till?.session?.settings.tenders ?? [];
  return tenders.find((kind, place) => tenderKey(kind, place) === key) ?? null;
}

/** The amount that stands in the box, if it is one. */
export function typedAmount(): number | null {
  const text = boxText();
  return AMOUNT.test(text) ? readFen(text) : null;
}

/** A tender key was pressed: cash without an amount asks for the notes, stored value shows what it will take, any other
 * tender takes what is typed or all that is left. */
export function press(kind: Schemas["TenderKind"]): void {
  const bill = state.get().bill;
  if (bill === null || bill.lines.length === 0) {
    state.set({ notice: { code: "empty_bill", args: {} } });
    return;
  }
  const amount = typedAmount();
  if (kind.kind === "value") {
    if (bill.member === null) state.set({ notice: { code: "no_member", args: {} } });
    else open({ kind: "value" });
  } else if (kind.kind === "points" && bill.member === null) state.set({ notice: { code: "no_member", args: {} } });
  else if (kind.kind === "cash" && amount === null) open({ kind: "cash" });
  else void pay(kind, amount === 0 ? null : amount);
}
