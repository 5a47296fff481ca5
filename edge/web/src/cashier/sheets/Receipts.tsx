import { Field } from "@catena/web/kit/Field.tsx";
import { Key } from "@catena/web/kit/Key.tsx";
import { fen, quantity, yuan } from "@catena/web/money.ts";
import { clock, dayClock } from "@catena/web/when.ts";
import { type FormEvent, useCallback, useEffect, useState } from "react";
import { edge, type Schemas } from "../../api";
import { useWords } from "../../words";
import { close, failed, open, run } from "../actions";
import { printText } from "../devices";
import { Notice } from "../Notice";
import { may, useTill } from "../state";
import { AttachAfter, ChangeClerks, TrueTender } from "./Corrections";
import { Swap } from "./Swap";
import { Pieces, picksOf, RefundView, type Picks, wholeOf } from "./TakeBack";

/** Receipts that are listed; older ones by their number. */
const LISTED = 40;

/** Receipts of the day at this till, and any receipt by its number: to reprint, to take back. */
export function Receipts() {
  const { t } = useWords();
  const [sales, setSales] = useState<Schemas["RecentSale"][] | null>(null);
  const [text, setText] = useState("");
  useEffect(() => {
    edge.read("/api/sales", { query: { limit: LISTED } }).then((answer) => setSales(answer.sales), failed);
  }, []);
  const find = (event: FormEvent) => {
    event.preventDefault();
    if (text.trim() !== "") open({ kind: "sale", receipt_no: text.trim() });
  };
  return (
    <>
      <form className="pair" onSubmit={find}>
        <Field label={t("receipts.label")} first maxLength={80} value={text} onText={setText} />
        <Key type="submit" className="main">
          {t("receipts.open")}
        </Key>
      </form>
      {sales === null ? null : sales.length === 0 ? (
        <p className="soft">{t("receipts.none")}</p>
      ) : (
        <ul className="choices">
          {sales.map((sale) => (
            <li key={sale.receipt_no}>
              <Key onClick={() => open(sale.kind === "top_up" ? { kind: "top_up_slip", receipt_no: sale.receipt_no, amount: sale.due } : { kind: "sale", receipt_no: sale.receipt_no })}>
                <span className="figure">{clock(sale.at_ms)}</span>
                <span className="what figure">{sale.receipt_no}</span>
                <span className="soft">{t(sale.returned ? "receipts.returned" : `receipts.${sale.kind}`)}</span>
                <span className="soft">{sale.member ?? t("member.none")}</span>
                <span className="soft">{sale.cashier.name}</span>
                <b className="figure">{yuan(sale.due)}</b>
              </Key>
            </li>
          ))}
        </ul>
      )}
      {may("return_without") ? <Key onClick={() => open({ kind: "without" })}>{t("without.title")}</Key> : null}
      <Notice />
    </>
  );
}

/** One sale: its lines, its payments, and what a return would give back before it is done. */
export function Sale({ receiptNo }: { receiptNo: string }) {
  const speech = useWords();
  const { t, name } = speech;
  const [sale, setSale] = useState<Schemas["Sale"] | null>(null);
  const [picks, setPicks] = useState<Picks | null>(null);
  const [refund, setRefund] = useState<Schemas["Refund"] | null>(null);
  const [reason, setReason] = useState<string | null>(null);
  const [correcting, setCorrecting] = useState<"tender" | "member" | "clerks" | null>(null);
  const [swapping, setSwapping] = useState(false);
  const goods = useTill((now) => now.bill !== null && now.bill.lines.length > 0 && now.bill.tenders.length === 0);
  const [print, setPrint] = useState<string | null>(null);
  const load = useCallback(() => {
    edge.read("/api/sales/{receipt_no}", { parts: { receipt_no: receiptNo } }).then(setSale, failed);
  }, [receiptNo]);
  useEffect(load, [load]);
  // What the chosen pieces give back is told before anything is confirmed; an answer that was overtaken is dropped.
  useEffect(() => {
    setRefund(null);
    if (picks === null || picksOf(picks).length === 0) return;
    let wanted = true;
    const query = { picks: picksOf(picks).map((pick) => `${pick.line}:${pick.quantity}`).join(",") };
    edge.read("/api/sales/{receipt_no}/refund", { parts: { receipt_no: receiptNo }, query }).then((answer) => wanted && setRefund(answer), failed);
    return () => {
      wanted = false;
    };
  }, [picks, receiptNo]);
  if (sale === null)
    return (
      <>
        <Notice />
        <Key onClick={() => open({ kind: "receipts" })}>{t("back")}</Key>
      </>
    );
  const reprint = async () => {
    const answer = await run("reprint", { receipt_no: sale.receipt_no });
    if (answer !== null) setPrint(`${t("print.copy", { n: answer.copy })} · ${printText(speech, answer.print)}`);
  };
  const takeBack = async () => {
    if (refund === null || picks === null || reason === null) return;
    if ((await run("take_back", { receipt_no: sale.receipt_no, picks: picksOf(picks), reason, amount: refund.amount })) !== null) close();
  };
  const corrected = () => {
    setCorrecting(null);
    load();
  };
  const returnable = sale.lines.some((line) => line.returnable > 0);
  return (
    <div className="sale">
      <p className="soft">
        {t("sale.at", { at: dayClock(sale.at_ms), branch: name(sale.branch), till: sale.till, cashier: sale.cashier.name })}
        {sale.member === null ? "" : ` · ${sale.member.name} ${sale.member.phone}`}
        {sale.sales_clerks.length === 0 ? "" : ` · ${t("clerks.title")} ${sale.sales_clerks.map((clerk) => clerk.person.name).join(" ")}`}
      </p>
      {picks === null ? (
        <ul className="plain">
          {sale.lines.map((line) => (
            <li key={line.id}>
              <span>{name(line)}</span>
              <span className="figure">× {quantity(line.quantity)}</span>
              <span className="soft">{line.returned > 0 ? t("sale.left", { n: quantity(line.returnable) }) : ""}</span>
              <b className="figure">{fen(line.net)}</b>
            </li>
          ))}
        </ul>
      ) : (
        <Pieces lines={sale.lines} picks={picks} onPick={setPicks} />
      )}
      <p className="due">
        <span>
          {t("totals.due")}
          <small className="soft"> {sale.tenders.map((tender) => `${name(tender)} ${fen(tender.amount)}`).join(" · ")}</small>
        </span>
        <b className="figure">{yuan(sale.totals.due)}</b>
      </p>
      {sale.returns.map((back) => (
        <p key={back.receipt_no}>{t("sale.returned", { at: dayClock(back.at_ms), amount: fen(back.amount) })}</p>
      ))}
      {sale.lies.here ? null : <p className="soft">{t("sale.elsewhere", { name: name(sale.lies) })}</p>}
      {correcting === "tender" ? <TrueTender sale={sale} onDone={corrected} /> : null}
      {correcting === "member" ? <AttachAfter sale={sale} onDone={corrected} /> : null}
      {correcting === "clerks" ? <ChangeClerks sale={sale} onDone={corrected} /> : null}
      {swapping && picks !== null ? (
        <Swap receiptNo={sale.receipt_no} picks={picks} />
      ) : refund === null ? null : (
        <RefundView refund={refund} reason={reason} onReason={setReason} />
      )}
      <Notice />
      {print === null ? null : <p role="status">{print}</p>}
      <div className="actions">
        <Key onClick={() => open({ kind: "receipts" })}>{t("back")}</Key>
        <Key onClick={() => void reprint()}>
          {t("sale.reprint")}
        </Key>
        {may("correct") && picks === null && correcting === null && sale.returns.length === 0 ? (
          <>
            <Key onClick={() => setCorrecting("tender")}>{t("correct.title")}</Key>
            {sale.member === null ? <Key onClick={() => setCorrecting("member")}>{t("attach_after.title")}</Key> : null}
            <Key onClick={() => setCorrecting("clerks")}>{t("change_clerks.title")}</Key>
          </>
        ) : null}
        {picks !== null && goods && !swapping ? <Key onClick={() => setSwapping(true)}>{t("swap.title")}</Key> : null}
        {picks === null ? (
          <Key disabled={!returnable} onClick={() => setPicks(wholeOf(sale.lines))}>
            {t("sale.take_back")}
          </Key>
        ) : swapping ? null : (
          <Key className="main" disabled={refund === null || reason === null} onClick={() => void takeBack()}>
            {t("sale.refund", { amount: refund === null ? "" : yuan(refund.amount) })}
          </Key>
        )}
      </div>
    </div>
  );
}
