// What the cashier can do. Each action is a command to the edge; commands of this page go one after the other, so that
// scans keep their order. A refusal becomes words, an override is asked for on the spot, silence becomes the page
// that says the shop's host is gone.
import { speak } from "@catena/web/i18n.ts";
import { Refused, Unreachable } from "@catena/web/client.ts";
import type { CommandAnswer, CommandBody, CommandName } from "@catena/web/api/paths.ts";
import { keepSame } from "@catena/web/store.ts";
import { showTimesIn } from "@catena/web/when.ts";
import { edge, type paths, type Schemas } from "../api";
import { focusBox, setBox } from "./box";
import { type HeardPrint, keptLayout, type Panel, state } from "./state";

/** Refusals after which the picture on the page is stale. */
const STALE = new Set(["gone", "due_changed", "nothing_due", "refund_changed", "gift_changed", "bill_not_empty", "empty_bill"]);

/** Opens a sheet. */
export function open(panel: Panel): void {
  state.set({ panel, notice: null });
}

/** Closes the sheet; the box has the focus again. */
export function close(): void {
  state.set({ panel: null });
  setTimeout(focusBox);
}

/** The edge answered: it is not lost. */
function seen(): void {
  state.set(state.get().lost === null ? { seenMs: Date.now() } : { seenMs: Date.now(), lost: null });
}

/** A question or command failed: tell it apart and show it. */
export function failed(failure: unknown): void {
  if (failure instanceof Unreachable) {
    if (state.get().lost === null) state.set({ lost: Date.now() });
    return;
  }
  if (!(failure instanceof Refused)) throw failure;
  seen();
  if (failure.code === "locked" || failure.code === "signed_out") {
    void loadTill();
    return;
  }
  if (failure.code === "unpaired") return state.set({ unpaired: true });
  state.set({ notice: { code: failure.code, args: failure.args } });
  if (STALE.has(failure.code)) void loadBill();
}

function showBill(bill: Schemas["Bill"] | null): void {
  state.set((now) => {
    const next = keepSame(now.bill, bill);
    const chosen = next?.lines.some((line) => line.id === now.chosen) ? now.chosen : null;
    return { bill: next, chosen };
  });
}

/** Reads till and session. */
export async function loadTill(): Promise<void> {
  try {
    const till = await edge.read("/api/till");
    seen();
    showTill(till);
  } catch (failure) {
    failed(failure);
  }
}

export function showTill(till: Schemas["Till"]): void {
  const session = till.session;
  speak(session?.language ?? till.language);
  showTimesIn(till.branch.zone_minutes);
  state.set({ till, ...(session !== null && keptLayout() === null ? { layout: session.settings.layout } : {}) });
}

/** Reads what the status bar shows. */
export async function loadStatus(): Promise<void> {
  try {
    const status = await edge.read("/api/status");
    seen();
    state.set((now) => ({ status: keepSame(now.status, status) }));
  } catch (failure) {
    failed(failure);
  }
}

/** Reads everything again: at the start, and after a break. */
export async function loadAll(): Promise<void> {
  await loadTill();
  const session = state.get().till?.session;
  if (!session || session.locked) return;
  // Who may not sell has no bill and no calls: the technician.
  const sells = session.rights.includes("sell") ? [loadBill(), loadCall()] : [];
  await Promise.all([loadStatus(), ...sells]);
}

/** Reads whether a line rings now: a page that was opened anew shows it too. */
async function loadCall(): Promise<void> {
  try {
    const [call] = (await edge.read("/api/calls", { query: { limit: 1 } })).calls;
    if (call?.state === "ringing") state.set({ call });
  } catch (failure) {
    failed(failure);
  }
}

let tail: Promise<unknown> = Promise.resolve();

/** Does one thing after the other, so that scans keep their order and no picture of the bill overtakes a newer one. */
function inTurn<T>(work: () => Promise<T>): Promise<T> {
  const done = tail.then(work);
  tail = done.catch(() => undefined);
  return done;
}

/** The receipt as the newest word of its slip has it: an event that came while the answer was under way is newer than the answer. */
function newest(done: Schemas["Done"] | null, heardBefore: HeardPrint | null): Schemas["Done"] | null {
  const { heard } = state.get();
  return done !== null && heard !== null && heard !== heardBefore && heard.receipt_no === done.receipt_no ? { ...done, print: heard.print } : done;
}

let reading: Promise<void> | null = null;

/** Reads the open bill, after the commands already said; asked for twice meanwhile it is read once. */
export function loadBill(): Promise<void> {
  reading ??= inTurn(async () => {
    reading = null;
    const { heard } = state.get();
    try {
      const { bill, last } = await edge.read("/api/bill");
      seen();
      showBill(bill);
      state.set((now) => ({ last: keepSame(now.last, newest(last, heard)) }));
    } catch (failure) {
      failed(failure);
    }
  });
  return reading;
}

/** Says a command after those already said. A refusal is shown and answers null. */
export function run<N extends CommandName<paths>>(name: N, body: CommandBody<paths, N>): Promise<CommandAnswer<paths, N> | null> {
  state.set((now) => ({ busy: now.busy + 1 }));
  return inTurn(async () => {
    const { heard } = state.get();
    try {
      const answer = await edge.command(name, body);
      seen();
      state.set({ notice: null });
      const told = answer as { bill?: Schemas["Bill"] | null; done?: Schemas["Done"] | null; z?: Schemas["Z"] };
      if (told.bill !== undefined) showBill(told.bill);
      if (told.done) state.set({ last: newest(told.done, heard) });
      if (told.z) open({ kind: "z", z: told.z });
      return answer;
    } catch (failure) {
      if (failure instanceof Refused && failure.code === "needs_override") {
        seen();
        open({ kind: "override", refused: failure, again: (override) => run(name, { ...(body as object), override } as CommandBody<paths, N>) });
      } else failed(failure);
      return null;
    } finally {
      state.set((now) => ({ busy: now.busy - 1 }));
    }
  });
}

/** What came of something scanned or typed, in the box or at a reader of the edge. */
export function entered(outcome: Schemas["Entered"]): void {
  if ("bill" in outcome) showBill(outcome.bill);
  switch (outcome.kind) {
    case "added":
    case "quantity":
      return state.set({ chosen: outcome.line });
    case "candidates":
      return open({ kind: "candidates", text: outcome.text, candidates: outcome.candidates });
    case "receipt":
      return open({ kind: "sale", receipt_no: outcome.receipt_no });
    case "staff":
      return open({ kind: "switch", code: outcome.code });
    case "pay_code":
      payCode = outcome.tender;
      return state.set({ notice: { code: "pay_code", args: { tender: outcome.tender, left: outcome.left } } });
    case "attached":
  }
}

/** The tender of a pay code that was scanned, until its key is pressed. */
let payCode: string | null = null;
let payCodeText: string | null = null;

/** Takes what was scanned or typed. */
export async function enter(text: string, choice: string | null = null): Promise<void> {
  if (text === "") return;
  const outcome = await run("enter", { text, choice });
  if (outcome === null) {
    const notice = state.get().notice;
    if (notice?.code === "needs_weight") {
      const { product, name, unit } = notice.args as { product: number; name: string; unit: string };
      open({ kind: "weight", product, name, unit });
    }
    return;
  }
  if (outcome.kind === "pay_code") payCodeText = text;
  entered(outcome);
}

/** Adds a product by its tile; weighed goods ask for their weight. */
export async function add(product: Schemas["Product"]): Promise<void> {
  if (product.weighed) return open({ kind: "weight", product: product.number, name: product.name, unit: product.unit });
  await run("add", { product: product.number, quantity: null });
  state.set({ chosen: null });
}

/** Pays with a tender: `amount` in fen, null = all that is left. A tender that covers the due completes the sale.
 * Null = refused. */
export async function pay(kind: Schemas["TenderKind"], amount: number | null, proof: Schemas["Proof"] | null = null): Promise<{ done: Schemas["Done"] | null } | null> {
  const totals = state.get().bill?.totals;
  const due = kind.kind === "cash" ? totals?.due_cash : totals?.due;
  const pay_code = payCode === kind.code ? payCodeText : null;
  const answer = await run("tender", { code: kind.code, amount, due: due ?? 0, proof, pay_code });
  if (answer === null) return null;
  payCode = payCodeText = null;
  setBox("");
  return answer;
}

/** Adds `step` thousandths to the line that keys work on; the last piece goes by removing the line. */
export async function changeQuantity(line: Schemas["Line"], step: number): Promise<void> {
  const quantity = line.quantity + step;
  await (quantity > 0 ? run("quantity", { line: line.id, quantity }) : run("remove", { line: line.id }));
}

/** Holds the bill. */
export async function hold(): Promise<void> {
  if (state.get().bill !== null) await run("hold", { label: null });
  void loadStatus();
}

/** Takes a held bill back to this till; an open bill is held first. */
export async function recall(held: string, prices: "held" | "new" | null): Promise<void> {
  if (state.get().bill !== null && (await run("hold", { label: null })) === null) return;
  const answer = await run("recall", { held, prices });
  void loadStatus();
  if (answer !== null) return close();
  const notice = state.get().notice;
  if (notice?.code === "held_prices_differ") {
    const { held_total, new_total } = notice.args as { held_total: number; new_total: number };
    open({ kind: "held_prices", held, held_total, new_total });
  }
}

/** Locks the till; the bill stays. */
export async function lock(): Promise<void> {
  try {
    showTill(await edge.post("/api/session/lock"));
    state.set({ panel: null, notice: null });
  } catch (failure) {
    failed(failure);
  }
}

/** Signs out; the bill stays at the till. */
export async function signOut(): Promise<void> {
  try {
    showTill(await edge.post("/api/session/sign_out"));
    state.set({ panel: null, notice: null });
  } catch (failure) {
    failed(failure);
  }
}

/** Lets the page speak another language; the edge keeps it for the person. */
export async function changeLanguage(language: "zh" | "en"): Promise<void> {
  speak(language);
  if (state.get().till?.session && !state.get().till?.session?.locked) {
    try {
      showTill(await edge.post("/api/session/language", { language }));
    } catch (failure) {
      failed(failure);
    }
  }
}
