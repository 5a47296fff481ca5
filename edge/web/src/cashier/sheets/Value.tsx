import { Field } from "@catena/web/kit/Field.tsx";
import { Key } from "@catena/web/kit/Key.tsx";
import { fen, readFen, yuan } from "@catena/web/money.ts";
import { useEffect, useState } from "react";
import { edge, type Schemas } from "../../api";
import { useWords } from "../../words";
import { elsewhere } from "../../words/refusal";
import { close, failed, open, pay } from "../actions";
import { Notice } from "../Notice";
import { useSession, useTill } from "../state";
import { keyName, tenderKey, typedAmount } from "../tender";
import { useKey } from "./useKey";

/** Stored value: shows what it will take, principal and bonus, before the key that takes it. */
export function Value() {
  const speech = useWords();
  const { t } = speech;
  const member = useTill((now) => now.bill?.member ?? null);
  const tenders = useSession()?.settings.tenders ?? [];
  const place = tenders.findIndex((tender) => tender.kind === "value");
  const kind = tenders[place];
  const [text, setText] = useState(() => {
    const typed = typedAmount();
    return typed === null ? "" : fen(typed).replace(",", "");
  });
  const [pin, setPin] = useState("");
  const [preview, setPreview] = useState<Schemas["ValuePreview"] | null>(null);
  const amount = readFen(text);
  useEffect(() => {
    let stands = true;
    edge.read("/api/value", { query: amount === null ? {} : { amount } }).then((answer) => {
      if (stands) setPreview(answer);
    }, failed);
    return () => {
      stands = false;
    };
  }, [amount]);
  const ready = preview !== null && preview.amount > 0 && (preview.proof !== "pin" || pin.length >= 4);
  const take = async () => {
    if (!ready || kind === undefined) return;
    const proof = preview.proof === "pin" ? ({ kind: "pin", pin } as const) : preview.proof === "signature" ? ({ kind: "signature" } as const) : null;
    const answer = await pay(kind, preview.amount, proof);
    setPin("");
    if (answer !== null) close();
  };
  const key = kind === undefined ? null : tenderKey(kind, place);
  useKey((event) => {
    if (keyName(event) !== key) return;
    event.preventDefault();
    void take();
  });
  if (member === null) return null;
  return (
    <form className="value" onSubmit={(event) => event.preventDefault()}>
      <p>
        <b>{member.name}</b> <span className="figure soft">{member.phone}</span> · {t("member.usable")} <b className="figure">{fen(preview?.usable_here ?? member.value.usable_here)}</b>
      </p>
      {preview === null ? null : (
        <>
          <p className="due">
            <span>{t("value.will_take")}</span>
            <b className="figure">{yuan(preview.amount)}</b>
          </p>
          <dl>
            <Row label={t("member.principal")} amount={preview.principal} />
            <Row label={t("member.bonus")} amount={preview.bonus} />
            <Row label={t("value.after")} amount={preview.after.principal + preview.after.bonus} />
            {preview.left_after > 0 ? <Row label={t("value.left")} amount={preview.left_after} /> : null}
          </dl>
          {preview.elsewhere.length > 0 ? <p className="soft">{elsewhere(speech, preview.elsewhere)}</p> : null}
        </>
      )}
      <Field label={t("value.amount")} inputMode="decimal" value={text} maxLength={10} onText={setText} first={preview !== null && preview.proof !== "pin"} />
      {preview?.proof === "pin" ? (
        preview.pin_set ? (
          <Field label={t("value.pin")} type="password" inputMode="numeric" autoFocus maxLength={6} value={pin} onText={setPin} />
        ) : (
          <p className="wrong">
            {t("value.no_pin")} <Key onClick={() => open({ kind: "member", id: member.id })}>{t("member.set_pin")}</Key>
          </p>
        )
      ) : (
        <p className="soft">{preview === null ? "" : t(preview.proof === "signature" ? "value.signature" : "value.no_proof")}</p>
      )}
      <Key className="main" kbd={key} disabled={!ready} onClick={() => void take()}>
        {t("value.take")}
      </Key>
      <Notice />
    </form>
  );
}

function Row({ label, amount }: { label: string; amount: number }) {
  return (
    <div>
      <dt>{label}</dt>
      <dd className="figure">{fen(amount)}</dd>
    </div>
  );
}
