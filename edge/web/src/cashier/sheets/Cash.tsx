import { Field } from "@catena/web/kit/Field.tsx";
import { Key } from "@catena/web/kit/Key.tsx";
import { fen, readFen, yuan } from "@catena/web/money.ts";
import { useState } from "react";
import { useWords } from "../../words";
import { close, pay } from "../actions";
import { useSession, useTill } from "../state";
import { keyName, tenderKey } from "../tender";
import { Notice } from "../Notice";
import { useKey } from "./useKey";

/** Keys of the quick notes, from the key of the cash tender on: the first is the exact amount. */
const NOTE_KEYS = ["F8", "F9", "F10", "F11", "F12", "F7", "F6"];

/** Notes handed over: one key for the usual ones, or the amount. Enter in the field does not pay; the key does. */
export function Cash() {
  const { t } = useWords();
  const bill = useTill((now) => now.bill);
  const tenders = useSession()?.settings.tenders ?? [];
  const place = tenders.findIndex((tender) => tender.kind === "cash");
  const kind = tenders[place];
  const [text, setText] = useState("");
  const typed = readFen(text);
  const notes = bill?.quick_cash ?? [];
  const cashKey = kind === undefined ? null : tenderKey(kind, place);
  const take = async (amount: number) => {
    if (kind !== undefined && (await pay(kind, amount)) !== null) close();
  };
  useKey((event) => {
    const name = keyName(event);
    const note = typed !== null && name === cashKey ? typed : notes[NOTE_KEYS.indexOf(name)];
    if (note === undefined) return;
    event.preventDefault();
    void take(note);
  });
  if (bill === null || kind === undefined) return null;
  const { left_cash, left } = bill.totals;
  const change = typed === null ? null : typed - left_cash;
  return (
    <div className="cash">
      <p className="due">
        <span>
          {t("cash.due")}
          {left_cash === left ? null : <small className="soft"> {t("cash.rounding", { amount: fen(left_cash - left) })}</small>}
        </span>
        <b className="figure">{yuan(left_cash)}</b>
      </p>
      <div className="notes" role="group" aria-label={t("cash.given")}>
        {notes.map((note, index) => (
          <Key key={note} className="note" kbd={NOTE_KEYS[index]} onClick={() => void take(note)}>
            {index === 0 ? t("cash.exact") : null} <span className="figure">{fen(note)}</span>
          </Key>
        ))}
      </div>
      <form className="given" onSubmit={(event) => event.preventDefault()}>
        <Field label={t("cash.given")} first inputMode="decimal" className="big figure" value={text} maxLength={10} onText={setText} />
        <p className="due change" aria-live="polite">
          {change === null ? null : change >= 0 ? (
            <>
              <span>{t("cash.change")}</span>
              <b className="figure">{yuan(change)}</b>
            </>
          ) : (
            <span>{t("cash.short", { left: fen(-change) })}</span>
          )}
        </p>
        <Key className="main" disabled={typed === null || typed === 0} kbd={typed === null ? null : cashKey} onClick={() => void take(typed ?? 0)}>
          {t("cash.take")}
        </Key>
      </form>
      <Notice />
    </div>
  );
}
