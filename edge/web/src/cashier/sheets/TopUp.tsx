import { Refused } from "@catena/web/client.ts";
import { Field } from "@catena/web/kit/Field.tsx";
import { Key } from "@catena/web/kit/Key.tsx";
import { fen, readFen, yuan } from "@catena/web/money.ts";
import { useEffect, useState } from "react";
import { edge, type Schemas } from "../../api";
import { useWords } from "../../words";
import { failed, loadBill, run } from "../actions";
import { What, Who } from "../MemberStrip";
import { Notice } from "../Notice";
import { state, useSession } from "../state";
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
      <Notice />
      <div className="actions">
        <span className="soft">
          {t("top_up.not_sales")}
          {preview === null ? "" : ` · ${t("top_up.cap", { cap: fen(preview.cap), may: fen(preview.may_add) })}`}
        </span>
        {(settings?.top_up_tenders ?? []).map((tender) => (
          <Key key={tender.code} data-tender={tender.code} className="main" disabled={preview === null} onClick={() => void take(tender)}>
            {name(tender)}
          </Key>
        ))}
      </div>
    </form>
  );
}
