import { Refused } from "@catena/web/client.ts";
import { Field } from "@catena/web/kit/Field.tsx";
import { Key } from "@catena/web/kit/Key.tsx";
import { fen, readFen, yuan } from "@catena/web/money.ts";
import { useEffect, useState } from "react";
import { edge, type Schemas } from "../../api";
import { useWords } from "../../words";
import { close, failed, loadBill, run } from "../actions";
import { What, Who } from "../MemberStrip";
import { Notice } from "../Notice";
import { state, useSession, useTill } from "../state";
import { Finished } from "./Finished";

/** Stored value is bought: the gift shows before the tender key takes the money. */
export function TopUp({ member: opened }: { member: Schemas["MemberCard"] }) {
  const { t, name } = useWords();
  const settings = useSession()?.settings;
  const [member, setMember] = useState(opened);
  const [text, setText] = useState("");
  const [tendered, setTendered] = useState("");
  const [preview, setPreview] = useState<Schemas["TopUpPreview"] | null>(null);
  const [done, setDone] = useState<Schemas["Done"] | null>(null);
  const [paysBill, setPaysBill] = useState(false);
  const [pin, setPin] = useState("");
  const due = useTill((now) => now.bill?.totals.due ?? 0);
  const pays = paysBill ? (preview?.pays ?? null) : null;
  const proven = pays?.proof !== "pin" || pin.length >= 4;
  const amount = readFen(text);
  useEffect(() => {
    setPreview(null);
    if (amount === null || amount === 0) return;
    let stands = true;
    edge.read("/api/top_up", { query: { member: member.id, amount } }).then(
      (answer) => {
        if (!stands) return;
        setPreview(answer);
        state.set({ notice: null });
      },
      (failure: unknown) => {
        if (stands || !(failure instanceof Refused)) failed(failure);
      },
    );
    return () => {
      stands = false;
    };
  }, [amount, member.id]);
  const take = async (tender: Schemas["TenderKind"]) => {
    if (preview === null) return;
    const notes = tender.kind === "cash" ? readFen(tendered) : null;
    if (pays !== null) {
      const proof = pays.proof === "pin" ? ({ kind: "pin", pin } as const) : pays.proof === "signature" ? ({ kind: "signature" } as const) : null;
      const paid = await run("top_up_pay", { amount: preview.amount, tender: tender.code, tendered: notes, gift: preview.bonus, due, proof });
      setPin("");
      if (paid !== null) close();
      return;
    }
    const answer = await run("top_up", { member: member.id, amount: preview.amount, tender: tender.code, tendered: notes, gift: preview.bonus });
    if (answer === null) return;
    setMember(answer.member);
    setDone(answer.done);
    void loadBill();
  };
  if (done !== null) return <Finished done={done} member={member} />;
  return (
    <form className="ask" onSubmit={(event) => event.preventDefault()}>
      <Who member={member} />
      <What member={member} />
      <div className="notes" role="group" aria-label={t("top_up.amount")}>
        {(settings?.top_up_amounts ?? []).map((quick) => (
          <Key key={quick} className={amount === quick ? "on" : ""} onClick={() => setText(fen(quick).replace(",", ""))}>
            <span className="figure">{fen(quick)}</span>
          </Key>
        ))}
      </div>
      <div className="pair">
        <Field label={t("top_up.amount")} first className="big figure" inputMode="decimal" maxLength={10} value={text} onText={setText} />
        <Field label={t("top_up.tendered")} className="big figure" inputMode="decimal" maxLength={10} value={tendered} onText={setTendered} />
      </div>
      {preview === null ? null : (
        <p className="due">
          <span>
            {t("top_up.gift")} <b className="figure">{yuan(preview.bonus)}</b>
            {preview.next === null ? null : <small className="soft"> {t("top_up.next", { from: fen(preview.next.from), bonus: fen(preview.next.bonus) })}</small>}
          </span>
          <span>
            {t("top_up.after")}{" "}
            <b className="figure">
              {fen(preview.after.principal)} + {fen(preview.after.bonus)}
            </b>
          </span>
        </p>
      )}
      {preview?.pays == null ? null : (
        <div className="notes" role="group" aria-label={t("top_up.and_pay")}>
          {[false, true].map((both) => (
            <Key key={String(both)} data-pays={both} className={both === paysBill ? "on" : ""} onClick={() => setPaysBill(both)}>
              {t(both ? "top_up.and_pay" : "top_up.only")}
            </Key>
          ))}
        </div>
      )}
      {pays === null ? null : (
        <p className="due">
          <span>
            {t("value.will_take")} <b className="figure">{yuan(pays.amount)}</b>{" "}
            <small className="soft">
              {t("member.principal")} {fen(pays.principal)} · {t("member.bonus")} {fen(pays.bonus)}
            </small>
          </span>
          <span>
            {t("value.after")}{" "}
            <b className="figure">
              {fen(pays.after.principal)} + {fen(pays.after.bonus)}
            </b>
          </span>
        </p>
      )}
      {pays?.proof !== "pin" ? null : pays.pin_set ? (
        <Field label={t("value.pin")} type="password" inputMode="numeric" maxLength={6} value={pin} onText={setPin} />
      ) : (
        <p className="wrong">{t("value.no_pin")}</p>
      )}
      <Notice />
      <div className="actions">
        <span className="soft">
          {t("top_up.not_sales")}
          {preview === null ? "" : ` · ${t("top_up.cap", { cap: fen(preview.cap), may: fen(preview.may_add) })}`}
        </span>
        {(settings?.top_up_tenders ?? []).map((tender) => (
          <Key key={tender.code} data-tender={tender.code} className="main" disabled={preview === null || !proven} onClick={() => void take(tender)}>
            {name(tender)}
          </Key>
        ))}
      </div>
    </form>
  );
}
