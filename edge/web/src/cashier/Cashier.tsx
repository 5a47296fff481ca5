import { useEvents } from "@catena/web/events.ts";
import { useEffect } from "react";
import type { Schemas } from "../api";
import { entered, loadAll, loadBill, loadStatus, loadTill, lock, open } from "./actions";
import { Bar } from "./Bar";
import { Bill } from "./Bill";
import { CallCard } from "./CallCard";
import { Functions } from "./Functions";
import { useKeys } from "./keys";
import { MemberStrip } from "./MemberStrip";
import { NoHost } from "./NoHost";
import { Notice } from "./Notice";
import { Pad } from "./Pad";
import { Pairing } from "./Pairing";
import { ScanBox } from "./ScanBox";
import { Sheets } from "./sheets/Sheets";
import { SignIn } from "./SignIn";
import { state, useTill } from "./state";
import { Tenders } from "./Tenders";
import { Tiles } from "./Tiles";
import { Totals } from "./Totals";

/** Silence of the edge up to this length is a hiccup, not a page of its own. */
const LOST_AFTER_MS = 1_500;

/** The cashier's page: whatever the till needs now. */
export function Cashier() {
  const till = useTill((now) => now.till);
  const lost = useTill((now) => now.lost);
  const unpaired = useTill((now) => now.unpaired);
  const signedIn = till?.session != null && !till.session.locked;
  useEffect(() => {
    void loadAll();
  }, []);
  useEvents<Schemas["Event"]>(signedIn ? "/api/events" : null, heard, () => void loadAll(), opened);
  if (lost !== null) return <NoHost />;
  if (unpaired) return <Pairing />;
  if (till === null) return null;
  const rights = till.session?.rights ?? [];
  if (signedIn && !rights.includes("sell") && rights.includes("technician")) location.replace("/technician");
  return signedIn ? <Selling /> : <SignIn />;
}

function Selling() {
  const layout = useTill((now) => now.layout);
  const behind = useTill((now) => now.panel !== null);
  useKeys();
  useAutoLock();
  useEffect(() => {
    if (state.get().till?.session?.shift === null && state.get().till?.session?.rights.includes("shift")) open({ kind: "shift" });
  }, []);
  return (
    <div className={`page selling ${layout}`}>
      <Bar />
      <div className="box-row">
        <ScanBox />
        {behind ? null : <Notice />}
      </div>
      {layout === "tiles" ? <Tiles /> : null}
      <Bill />
      <div className="pay">
        <MemberStrip />
        <Totals />
        <Pad />
        <Tenders />
      </div>
      <Functions />
      <CallCard />
      <Sheets />
    </div>
  );
}

/** Locks the till after the minutes of the settings without a key or a touch; the bill is the edge's and stays. */
function useAutoLock() {
  const after = useTill((now) => now.till?.session?.settings.lock_after_s ?? 0);
  useEffect(() => {
    if (after <= 0) return;
    let timer = setTimeout(() => void lock(), after * 1000);
    const touched = () => {
      clearTimeout(timer);
      timer = setTimeout(() => void lock(), after * 1000);
    };
    document.addEventListener("keydown", touched, true);
    document.addEventListener("pointerdown", touched, true);
    return () => {
      clearTimeout(timer);
      document.removeEventListener("keydown", touched, true);
      document.removeEventListener("pointerdown", touched, true);
    };
  }, [after]);
}

function heard(event: Schemas["Event"]): void {
  switch (event.kind) {
    case "bill":
      return void loadBill();
    case "session":
    case "shift":
      return void loadTill();
    case "status":
    case "held":
    case "devices":
      return void loadStatus();
    case "catalog":
      state.set((now) => ({ catalog: now.catalog + 1 }));
      return void loadStatus();
    case "timed":
      return state.set((now) => ({ timed: now.timed + 1 }));
    case "call":
      return state.set(({ call }) => (event.call.state === "ringing" || event.call.id === call?.id ? { call: event.call } : {}));
    case "entered":
      return entered(event.entered);
    case "refused":
      return state.set({ notice: { code: event.code, args: event.args } });
    case "print":
      return state.set(({ last, slips }) => ({ slips: slips + 1, heard: event, last: last?.receipt_no === event.receipt_no ? { ...last, print: event.print } : last }));
    case "bytes":
    case "reset":
  }
}

let silence: ReturnType<typeof setTimeout> | undefined;

/** The stream of events stands or broke; a break of some length is a lost host. */
function opened(isOpen: boolean): void {
  clearTimeout(silence);
  silence = isOpen ? undefined : setTimeout(() => void loadTill(), LOST_AFTER_MS);
}
