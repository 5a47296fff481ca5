import { Field } from "@catena/web/kit/Field.tsx";
import { Key } from "@catena/web/kit/Key.tsx";
import { fen, readFen, yuan } from "@catena/web/money.ts";
import { type FormEvent, useState } from "react";
import { useWords } from "../../words";
import { run } from "../actions";
import { Notice } from "../Notice";
import { useTill } from "../state";
import { finish } from "./Discount";

/** One yuan, in fen. */
const YUAN = 100;

/** A little off by hand, for a customer who pays cash. */
export function RoundOff() {
  const { t } = useWords();
  const totals = useTill((now) => now.bill?.totals ?? null);
  const [text, setText] = useState("");
  if (totals === null) return <p className="soft">{t("bill.empty")}</p>;
  const before = totals.due_cash + totals.round_off;
  const odd = before % YUAN;
  const typed = readFen(text);
  const say = (amount: number) => void finish(run("round_off", { amount }));
  const save = (event: FormEvent) => {
    event.preventDefault();
    if (typed !== null) say(typed);
  };
  return (
    <form className="ask" onSubmit={save}>
      <p>
        {t("cash.due")} <b className="figure">{yuan(before)}</b> <span className="soft">{t("round_off.text")}</span>
      </p>
      <Field label={t("round_off.amount")} first className="big figure" inputMode="decimal" maxLength={8} value={text} onText={setText} />
      <div className="actions">
        {totals.round_off > 0 ? <Key onClick={() => say(0)}>{t("round_off.none")}</Key> : null}
        {odd > 0 ? <Key onClick={() => say(odd)}>{t("round_off.odd", { amount: fen(odd) })}</Key> : null}
        <Key type="submit" className="main" disabled={typed === null}>
          {t("ok")}
        </Key>
      </div>
      <Notice />
    </form>
  );
}
