import { Key } from "@catena/web/kit/Key.tsx";
import { fen, yuan } from "@catena/web/money.ts";
import { useEffect, useState } from "react";
import { edge, type Schemas } from "../../api";
import { useWords } from "../../words";
import { close, failed, run } from "../actions";
import { useSession, useTill } from "../state";
import { typedAmount } from "../tender";
import { picksOf, type Picks } from "./TakeBack";
import { Reasons } from "./Reasons";

/** The chosen pieces pay the open bill: what is left to pay by which tender, or what goes back, before it is done. */
export function Swap({ receiptNo, picks }: { receiptNo: string; picks: Picks }) {
  const { t, name } = useWords();
  const session = useSession();
  const member = useTill((now) => now.bill?.member ?? null);
  const revision = useTill((now) => now.bill?.revision ?? 0);
  const [shown, setShown] = useState<Schemas["Swap"] | null>(null);
  const [reason, setReason] = useState<string | null>(null);
  useEffect(() => {
    let wanted = true;
    const query = { picks: picksOf(picks).map((pick) => `${pick.line}:${pick.quantity}`).join(",") };
    edge.read("/api/sales/{receipt_no}/swap", { parts: { receipt_no: receiptNo }, query }).then((answer) => wanted && setShown(answer), failed);
    return () => {
      wanted = false;
    };
  }, [picks, receiptNo, revision]);
  if (shown === null || session === null) return null;
  const pay = async (kind: Schemas["TenderKind"] | null) => {
    if (reason === null) return;
    const cash = kind?.kind === "cash";
    const body = {
      receipt_no: receiptNo,
      picks: picksOf(picks),
      reason,
      refund: shown.refund.amount,
      due: cash ? shown.due_cash : shown.due,
      tender: kind?.code ?? null,
      amount: cash ? typedAmount() : null,
      proof: null,
    };
    if ((await run("swap", body)) !== null) close();
  };
  const kinds = session.settings.tenders.filter((kind) => kind.kind === "cash" || kind.kind === "other" || (kind.kind === "value" && member !== null));
  const told = (money: Schemas["Tender"][]) => money.map((tender) => `${name(tender)} ${fen(tender.amount)}`).join(" · ");
  return (
    <section className="ask swap">
      <p className="due">
        <span>
          {t("swap.back")} <b className="figure">{yuan(shown.refund.amount)}</b>
        </span>
        <span>
          {t("swap.new")} <b className="figure">{yuan(shown.due)}</b>
        </span>
      </p>
      {shown.kept.length === 0 ? null : <p className="soft">{t("swap.kept", { money: told(shown.kept) })}</p>}
      <Reasons of={["wrong", "customer", "damaged"]} chosen={reason} onChoose={setReason} />
      {shown.left > 0 ? (
        <div className="reasons" role="group" aria-label={t("swap.pay")}>
          <b>{t("swap.left", { amount: yuan(shown.left) })}</b>
          {kinds.map((kind) => (
            <Key key={kind.code} className="main" data-swap={kind.code} disabled={reason === null} onClick={() => void pay(kind)}>
              {name(kind)}
            </Key>
          ))}
        </div>
      ) : (
        <Key className="main" data-swap="done" disabled={reason === null} onClick={() => void pay(null)}>
          {shown.paid_out.length === 0 ? t("swap.even") : t("swap.out", { money: told(shown.paid_out) })}
        </Key>
      )}
    </section>
  );
}
