import { deviceName, stateText, whatToDo } from "@catena/web/devices.ts";
import { Field } from "@catena/web/kit/Field.tsx";
import { Key } from "@catena/web/kit/Key.tsx";
import { readFen, readQuantity, yuan } from "@catena/web/money.ts";
import { dayClock, readDayClock } from "@catena/web/when.ts";
import { type FormEvent, useState } from "react";
import { useWords } from "../../words";
import { close, loadStatus, lock, open, run, signOut } from "../actions";
import { Notice } from "../Notice";
import { chooseLayout, type Panel, state, usePrinters, useSession, useTill } from "../state";
import { finish } from "./Discount";
import { Reasons } from "./Reasons";
import { Slips } from "./Slips";
import { useDigits } from "./useKey";

/** What has no key of its own; digits choose. Only what the person may do is shown. */
export function More() {
  const { t } = useWords();
  const rights = useSession()?.rights ?? [];
  const layout = useTill((now) => now.layout);
  const bill = useTill((now) => now.bill);
  const all: { go_to: string; text: string; right: string | null; go: () => void }[] = [
    { go_to: "top_up", text: t("more.top_up"), right: "top_up", go: () => open(bill?.member ? { kind: "top_up", member: bill.member } : { kind: "members", text: "" }) },
    { go_to: "enrol", text: t("more.enrol"), right: "enrol", go: () => open({ kind: "enrol", phone: "", card: "" }) },
    { go_to: "quick", text: t("quick.title"), right: "open_item", go: () => open({ kind: "quick" }) },
    { go_to: "open_item", text: t("more.open_item"), right: null, go: () => open({ kind: "open_item" }) },
    { go_to: "void", text: t("more.void"), right: null, go: () => open({ kind: "void" }) },
    { go_to: "layout", text: t(layout === "scan" ? "more.layout_tiles" : "more.layout_scan"), right: null, go: () => (chooseLayout(layout === "scan" ? "tiles" : "scan"), close()) },
    { go_to: "timed", text: t("timed.title"), right: "sell", go: () => open({ kind: "timed" }) },
    { go_to: "customer", text: t("more.customer"), right: null, go: () => (window.open("/customer", "catena_customer", "popup"), close()) },
    { go_to: "switch", text: t("more.switch"), right: null, go: () => open({ kind: "switch", code: "" }) },
    { go_to: "lock", text: t("more.lock"), right: null, go: () => void lock() },
    { go_to: "technician", text: t("more.technician"), right: "technician", go: () => location.assign("/technician") },
    { go_to: "coupons", text: t("coupon.title"), right: "sell", go: () => open({ kind: "coupons" }) },
    { go_to: "sign_out", text: t("more.sign_out"), right: null, go: () => void signOut() },
  ];
  const shown = all.filter((item) => item.right === null || rights.includes(item.right));
  useDigits(Math.min(9, shown.length), (index) => shown[index]?.go());
  return (
    <div className="more">
      {shown.map((item, index) => (
        <Key key={item.go_to} data-go={item.go_to} kbd={index < 9 ? String(index + 1) : null} onClick={item.go}>
          {item.text}
        </Key>
      ))}
    </div>
  );
}

/** The six pictures of the card that hangs at the till. */
export function Help() {
  const { t } = useWords();
  const steps = ["sale", "cash", "wechat", "member", "hold", "return"] as const;
  const keys = ["3*", "F8", "F9 F10", "F2 F7", "F3 F4", "⇧F3"];
  return (
    <div className="help">
      <ol>
        {steps.map((step, index) => (
          <li key={step}>
            <b>
              {index + 1}. {t(`help.${step}`)}
            </b>
            <kbd>{keys[index]}</kbd>
            <p>{t(`help.${step}_text`)}</p>
          </li>
        ))}
      </ol>
      <p>
        {t("help.keys")} {t("help.never")}
      </p>
    </div>
  );
}

/** Goods without a code, by amount. */
export function OpenItem() {
  const { t } = useWords();
  const [amount, setAmount] = useState("");
  const [name, setName] = useState("");
  const fenTyped = readFen(amount);
  const save = (event: FormEvent) => {
    event.preventDefault();
    if (fenTyped !== null && fenTyped > 0) void finish(run("open_item", { amount: fenTyped, name: name.trim() === "" ? null : name.trim(), quantity: null }));
  };
  return (
    <form className="ask" onSubmit={save}>
      <Field label={t("open_item.amount")} first className="big figure" inputMode="decimal" maxLength={10} value={amount} onText={setAmount} />
      <Field label={t("open_item.name")} maxLength={40} value={name} onText={setName} />
      <Key type="submit" className="main" disabled={fenTyped === null || fenTyped === 0}>
        {t("weight.add")}
      </Key>
      <Notice />
    </form>
  );
}

/** Weight of goods sold by weight that came without one. */
export function Weight({ panel }: { panel: Extract<Panel, { kind: "weight" }> }) {
  const { t } = useWords();
  const [text, setText] = useState("");
  const typed = readQuantity(text);
  const save = (event: FormEvent) => {
    event.preventDefault();
    if (typed !== null) void finish(run("add", { product: panel.product, quantity: typed }));
  };
  return (
    <form className="ask" onSubmit={save}>
      <p>
        <b>{panel.name}</b>
      </p>
      <Field label={t("weight.label", { unit: panel.unit })} first className="big figure" inputMode="decimal" maxLength={10} value={text} onText={setText} />
      <Key type="submit" className="main" disabled={typed === null}>
        {t("weight.add")}
      </Key>
      <Notice />
    </form>
  );
}

/** Asks before a whole bill goes. */
export function VoidBill() {
  const { t } = useWords();
  const bill = useTill((now) => now.bill);
  const [reason, setReason] = useState<string | null>(null);
  if (bill === null) return <p className="soft">{t("bill.empty")}</p>;
  return (
    <div className="ask">
      <p>{t("void.text", { n: bill.lines.length, due: yuan(bill.totals.due) })}</p>
      <Reasons of={["customer", "mistake", "wrong"]} chosen={reason} onChoose={setReason} />
      <Key className="danger" onClick={() => void finish(run("void_bill", { reason }))}>
        {t("void.do")}
      </Key>
      <Notice />
    </div>
  );
}

/** Opens the drawer without a sale. */
export function Drawer() {
  const { t } = useWords();
  const [reason, setReason] = useState<string | null>(null);
  return (
    <div className="ask">
      <p className="soft">{t("drawer.text")}</p>
      <Reasons of={["change", "check", "mistake"]} chosen={reason} onChoose={setReason} />
      <Key className="main" disabled={reason === null} onClick={() => void finish(run("open_drawer", { reason: reason ?? "" }))}>
        {t("drawer.do")}
      </Key>
      <Notice />
    </div>
  );
}

/** Each device of the till: how it is, and what to do. */
export function Devices() {
  const speech = useWords();
  const devices = useTill((now) => now.status)?.devices ?? [];
  return (
    <ul className="devices">
      {devices.map((device) => (
        <li key={device.id} className={device.state}>
          <b>{deviceName(speech, device)}</b>
          <span>{stateText(speech, device)}</span>
          <span className="soft">{device.state === "ok" ? "" : whatToDo(speech, device)}</span>
          <span className="soft figure">{dayClock(device.since_ms)}</span>
        </li>
      ))}
    </ul>
  );
}

/** Sets the clock of the host past a wrong one, with a supervisor. */
export function Clock() {
  const { t } = useWords();
  const status = useTill((now) => now.status);
  const [text, setText] = useState("");
  const ms = readDayClock(text);
  const save = (event: FormEvent) => {
    event.preventDefault();
    if (ms !== null) void finish(run("set_clock", { now_ms: ms })).then(loadStatus);
  };
  if (status === null) return null;
  return (
    <form className="ask" onSubmit={save}>
      <p>{t("clock.text", { now: dayClock(status.now_ms), last: status.clock.last_ms === null ? "—" : dayClock(status.clock.last_ms) })}</p>
      <Field label={t("clock.label")} first type="datetime-local" value={text} onText={setText} />
      <Key type="submit" className="main" disabled={ms === null}>
        {t("clock.set")}
      </Key>
      <Notice />
    </form>
  );
}

/** Slips that wait for a printer: to another one, or dropped. */
export function WaitingSlips() {
  const printers = usePrinters();
  const version = useTill((now) => now.slips);
  return (
    <>
      <Slips keyed devices={printers} version={version} onChanged={() => (state.set({ slips: version + 1 }), void loadStatus())} />
      <Notice />
    </>
  );
}
