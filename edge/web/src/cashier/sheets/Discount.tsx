import { Field } from "@catena/web/kit/Field.tsx";
import { Key } from "@catena/web/kit/Key.tsx";
import { discount, fen, quantity, readDiscount, readFen, readQuantity, yuan } from "@catena/web/money.ts";
import { type FormEvent, useState } from "react";
import type { Schemas } from "../../api";
import { useWords } from "../../words";
import { close, run } from "../actions";
import { Notice } from "../Notice";
import { state, useSession, useTill } from "../state";
import { Reasons } from "./Reasons";

/** The command went through, or an override is being asked for: the sheet has done its work. */
export async function finish(answer: Promise<unknown>): Promise<void> {
  if ((await answer) !== null) close();
}

/** Quantity of a line by keyboard. */
export function LineQuantity({ line }: { line: Schemas["Line"] }) {
  const { t, name } = useWords();
  const [text, setText] = useState("");
  const typed = readQuantity(text);
  const save = (event: FormEvent) => {
    event.preventDefault();
    if (typed !== null) void finish(run("quantity", { line: line.id, quantity: typed }));
  };
  return (
    <form onSubmit={save} className="ask">
      <p>
        <b>{name(line)}</b> × {quantity(line.quantity)} {line.unit}
      </p>
      <Field label={t("quantity.label")} first className="big figure" inputMode="decimal" maxLength={10} value={text} onText={setText} />
      <Key type="submit" className="main" disabled={typed === null}>
        {t("ok")}
      </Key>
      <Notice />
    </form>
  );
}

/** Discount, new price or gift for one line. */
export function LineDiscount({ line }: { line: Schemas["Line"] }) {
  const { t, name, language } = useWords();
  const limit = useSession()?.limits.line_discount ?? 10_000;
  const [rate, setRate] = useState("");
  const [price, setPrice] = useState("");
  const [reason, setReason] = useState<string | null>(null);
  const say = (given: { rate?: number | null; price?: number | null; free?: boolean }) =>
    void finish(run("line_discount", { line: line.id, rate: given.rate ?? null, price: given.price ?? null, free: given.free ?? false, reason }));
  const save = (event: FormEvent) => {
    event.preventDefault();
    const typedRate = readDiscount(rate, language);
    const typedPrice = readFen(price);
    if (typedRate !== null) say({ rate: typedRate });
    else if (typedPrice !== null) say({ price: typedPrice });
  };
  return (
    <form onSubmit={save} className="ask">
      <p>
        <b>{name(line)}</b> {yuan(line.list_price)} × {quantity(line.quantity)} <span className="soft">{t("discount.limit", { rate: discount(limit, language) ?? "—" })}</span>
      </p>
      <div className="pair">
        <Field label={t("discount.rate")} first className="figure" inputMode="decimal" maxLength={5} value={rate} onText={setRate} />
        <Field label={t("discount.price")} className="figure" inputMode="decimal" maxLength={10} value={price} onText={setPrice} />
      </div>
      <Reasons of={["gift", "near", "damaged", "mistake"]} chosen={reason} onChoose={setReason} />
      <div className="actions">
        <Key onClick={() => say({})}>{t("discount.none")}</Key>
        <Key onClick={() => say({ free: true })}>{t("discount.free")}</Key>
        <Key type="submit" className="main" disabled={readDiscount(rate, language) === null && readFen(price) === null}>
          {t("ok")}
        </Key>
      </div>
      <Notice />
    </form>
  );
}

/** Discount for the whole bill, as a rate or an amount. */
export function BillDiscount() {
  const { t, language } = useWords();
  const limit = useSession()?.limits.bill_discount ?? 10_000;
  const totals = useTill((now) => now.bill?.totals ?? null);
  const [rate, setRate] = useState("");
  const [amount, setAmount] = useState("");
  const [reason, setReason] = useState<string | null>(null);
  const say = (given: { rate?: number | null; amount?: number | null }) =>
    void finish(run("bill_discount", { rate: given.rate ?? null, amount: given.amount ?? null, reason }));
  const save = (event: FormEvent) => {
    event.preventDefault();
    const typedRate = readDiscount(rate, language);
    const typedAmount = readFen(amount);
    if (typedRate !== null) say({ rate: typedRate });
    else if (typedAmount !== null) say({ amount: typedAmount });
  };
  if (totals === null || state.get().bill === null) return null;
  return (
    <form onSubmit={save} className="ask">
      <p>
        {t("totals.due")} <b className="figure">{fen(totals.due)}</b> <span className="soft">{t("discount.limit", { rate: discount(limit, language) ?? "—" })}</span>
      </p>
      <div className="pair">
        <Field label={t("discount.rate")} first className="figure" inputMode="decimal" maxLength={5} value={rate} onText={setRate} />
        <Field label={t("discount.amount")} className="figure" inputMode="decimal" maxLength={10} value={amount} onText={setAmount} />
      </div>
      <Reasons of={["gift", "near", "damaged", "customer"]} chosen={reason} onChoose={setReason} />
      <div className="actions">
        <Key onClick={() => say({})}>{t("discount.none")}</Key>
        <Key type="submit" className="main" disabled={readDiscount(rate, language) === null && readFen(amount) === null}>
          {t("ok")}
        </Key>
      </div>
      <Notice />
    </form>
  );
}
