import { Field } from "@catena/web/kit/Field.tsx";
import { Key } from "@catena/web/kit/Key.tsx";
import { yuan } from "@catena/web/money.ts";
import { Refused } from "@catena/web/client.ts";
import { type FormEvent, useRef, useState } from "react";
import { edge, type Schemas } from "../api";
import { useWords } from "../words";
import { sentence } from "../words/refusal";
import { failed, loadAll, showTill } from "./actions";
import { Bar } from "./Bar";
import { close } from "./actions";
import { useTill } from "./state";

const DIGITS = ["1", "2", "3", "4", "5", "6", "7", "8", "9"];

/** Staff number and PIN, by keyboard or by touch. `code` given: only the PIN is asked. */
export function PinForm(props: { code: string; fixed: boolean; action: string; onSubmit: (code: string, pin: string) => Promise<Schemas["Till"] | null> }) {
  const speech = useWords();
  const { t } = speech;
  const [code, setCode] = useState(props.code);
  const [pin, setPin] = useState("");
  const [at, setAt] = useState<"code" | "pin">(props.code === "" ? "code" : "pin");
  const [refused, setRefused] = useState<Refused | null>(null);
  const [busy, setBusy] = useState(false);
  const pinField = useRef<HTMLFormElement>(null);
  const focusPin = () => pinField.current?.querySelector<HTMLInputElement>("[name=pin]")?.focus();
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (code === "") return;
    if (pin === "") return focusPin();
    setBusy(true);
    try {
      await props.onSubmit(code, pin);
    } catch (failure) {
      if (failure instanceof Refused) setRefused(failure);
      else failed(failure);
      setPin("");
      focusPin();
    } finally {
      setBusy(false);
    }
  };
  const type = (digit: string) => (at === "code" && !props.fixed ? setCode(code + digit) : setPin(pin + digit));
  return (
    <form ref={pinField} className="pin" onSubmit={(event) => void submit(event)}>
      <div className="fields">
        {props.fixed ? null : (
          <Field label={t("sign_in.code")} name="code" value={code} first={props.code === ""} autoFocus={props.code === ""} maxLength={20} onFocus={() => setAt("code")} onText={setCode} />
        )}
        <Field label={t("sign_in.pin")} name="pin" type="password" inputMode="numeric" value={pin} first={props.code !== ""} autoFocus={props.code !== ""} maxLength={12} onFocus={() => setAt("pin")} onText={setPin} />
        <p className="wrong" role="alert">
          {refused === null ? "" : sentence(speech, refused.code, refused.args)}
        </p>
        <Key type="submit" className="main" disabled={busy || code === ""}>
          {props.action}
        </Key>
      </div>
      <div className="pad" role="group" aria-label={t("pad.label")}>
        {DIGITS.map((digit) => (
          <Key key={digit} className="digit" tabIndex={-1} onClick={() => type(digit)}>
            {digit}
          </Key>
        ))}
        <Key tabIndex={-1} aria-label={t("pad.erase")} onClick={() => (at === "code" ? setCode(code.slice(0, -1)) : setPin(pin.slice(0, -1)))}>
          ⌫
        </Key>
        <Key className="digit" tabIndex={-1} onClick={() => type("0")}>
          0
        </Key>
        <Key tabIndex={-1} onClick={() => (at === "code" ? focusPin() : pinField.current?.requestSubmit())}>
          {t("ok")}
        </Key>
      </div>
    </form>
  );
}

/** Signs a person in; a bill that is open at the till stays. */
export async function signIn(code: string, pin: string): Promise<Schemas["Till"]> {
  const till = await edge.post("/api/session/sign_in", { code, pin, till: askedTill() });
  showTill(till);
  close();
  void loadAll();
  return till;
}

/** The till number in the address, `?till=2`; null = the host's own choice. */
function askedTill(): number | null {
  const asked = new URLSearchParams(location.search).get("till");
  return asked !== null && /^\d{1,3}$/.test(asked) ? Number(asked) : null;
}

async function unlock(_: string, pin: string): Promise<Schemas["Till"]> {
  const till = await edge.post("/api/session/unlock", { pin });
  showTill(till);
  void loadAll();
  return till;
}

/** The page of a till at which nobody is signed in, or that is locked. */
export function SignIn() {
  const { t, name } = useWords();
  const till = useTill((now) => now.till);
  const bill = useTill((now) => now.bill);
  const [other, setOther] = useState(false);
  const person = till?.session?.person ?? null;
  const locked = person !== null && !other;
  return (
    <div className="page">
      <Bar />
      <main className="sign-in">
        <section className="card">
          <p className="soft">
            {till?.chain} · {till === null ? "" : name(till.branch)}
          </p>
          <h1>{locked ? t("lock.title") : t("sign_in.title")}</h1>
          {locked ? (
            <p>
              <b>{person.name}</b> <span className="soft">{person.code}</span>
            </p>
          ) : null}
          {bill !== null && bill.lines.length > 0 ? <p className="kept">{t("sign_in.kept", { n: bill.lines.length, due: yuan(bill.totals.due) })}</p> : null}
          <PinForm key={locked ? "lock" : "sign"} code={locked ? person.code : ""} fixed={locked} action={t(locked ? "lock.unlock" : "sign_in.do")} onSubmit={locked ? unlock : signIn} />
          {locked ? <Key onClick={() => setOther(true)}>{t("lock.other")}</Key> : null}
        </section>
      </main>
    </div>
  );
}
