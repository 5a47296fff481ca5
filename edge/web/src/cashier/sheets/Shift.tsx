import { Field } from "@catena/web/kit/Field.tsx";
import { Key } from "@catena/web/kit/Key.tsx";
import { fen, readFen, yuan } from "@catena/web/money.ts";
import { clock, day, dayClock } from "@catena/web/when.ts";
import { type FormEvent, useEffect, useState } from "react";
import { edge, type Schemas } from "../../api";
import { useWords } from "../../words";
import { failed, loadTill, open, run } from "../actions";
import { printText } from "../devices";
import { Notice } from "../Notice";
import { may } from "../state";
import { Reasons } from "./Reasons";
import { finish } from "./Discount";
import { Counts, DrawerCount } from "./DrawerCount";
import { HandIn } from "./HandIn";

/** The shift of this drawer: float, cash in and out, blind count. Takings are not shown before the count. */
export function Shift() {
  const { t } = useWords();
  const [now, setNow] = useState<{ shift: Schemas["Shift"] | null; last: Schemas["Z"] | null } | null>(null);
  useEffect(() => {
    edge.read("/api/shift").then(setNow, failed);
  }, []);
  if (now === null) return <p>{t("loading")}</p>;
  return (
    <>
      {now.shift === null ? <OpenShift /> : <OnShift shift={now.shift} onChange={(shift) => setNow({ ...now, shift })} />}
      <Notice />
      <div className="actions">
        {may("day_end") || may("see_takings") ? (
          <Key data-act="days" onClick={() => open({ kind: "days" })}>
            {t("day.title")}
          </Key>
        ) : null}
        {now.last === null ? null : <Key onClick={() => now.last !== null && open({ kind: "z", z: now.last })}>{t("shift.last")}</Key>}
      </div>
    </>
  );
}

function OpenShift() {
  const { t } = useWords();
  const [text, setText] = useState("");
  const float = readFen(text);
  const save = (event: FormEvent) => {
    event.preventDefault();
    if (float !== null) void finish(run("shift_open", { float })).then(loadTill);
  };
  return (
    <form className="ask" onSubmit={save}>
      <p>{t("shift.none")}</p>
      <Field label={t("shift.float")} first className="big figure" inputMode="decimal" maxLength={10} value={text} onText={setText} />
      <Key type="submit" className="main" disabled={float === null}>
        {t("shift.open")}
      </Key>
    </form>
  );
}

function OnShift({ shift, onChange }: { shift: Schemas["Shift"]; onChange: (shift: Schemas["Shift"]) => void }) {
  const { t } = useWords();
  const [amount, setAmount] = useState("");
  const [reason, setReason] = useState<string | null>(null);
  const move = async (direction: "in" | "out") => {
    const answer = await run("cash_move", { direction, amount: readFen(amount) ?? 0, reason: reason ?? "" });
    if (answer === null) return;
    setAmount("");
    if (answer.shift !== null) onChange(answer.shift);
  };
  const movable = (readFen(amount) ?? 0) > 0 && reason !== null;
  return (
    <div className="ask">
      <p>
        <b>{t("shift.since", { n: shift.number, at: dayClock(shift.opened_ms), name: shift.cashier.name })}</b>{" "}
        <span className="soft">
          {t("shift.day", { day: day(shift.business_day) })} · {t("shift.bills", { n: shift.bills })} · {t("shift.float")} {fen(shift.float)}
        </span>
      </p>
      <fieldset>
        <legend>{t("shift.moves")}</legend>
        <div className="pair">
          <Field label={t("shift.amount")} className="figure" inputMode="decimal" maxLength={10} value={amount} onText={setAmount} />
          <Reasons of={["float", "deposit", "expense", "change"]} chosen={reason} onChoose={setReason} />
        </div>
        <div className="actions">
          <Key disabled={!movable} onClick={() => void move("in")}>
            {t("shift.in")}
          </Key>
          <Key disabled={!movable} onClick={() => void move("out")}>
            {t("shift.out")}
          </Key>
        </div>
        {shift.moves.map((one) => (
          <p key={`${one.at_ms}${one.amount}`} className="soft figure">
            {clock(one.at_ms)} {t(one.direction === "in" ? "z.paid_in" : "z.paid_out")} {fen(one.amount)} · {one.reason}
          </p>
        ))}
      </fieldset>
      <HandIn onChange={onChange} />
      <DrawerCount shift={shift} onChange={onChange} />
    </div>
  );
}

/** The slip of a closed shift, block by block as it is printed. */
export function ZSlip({ z }: { z: Schemas["Z"] }) {
  const speech = useWords();
  const { t, name } = speech;
  const [print, setPrint] = useState(z.print);
  const over = z.cash.over_short;
  const again = async () => {
    const answer = await run("shift_reprint", { shift: z.shift });
    if (answer !== null) setPrint(answer.print);
  };
  const rows = (of: readonly (readonly [string, string])[]) =>
    of.map(([label, text]) => (
      <div key={label}>
        <dt>{label}</dt>
        <dd className="figure">{text}</dd>
      </div>
    ));
  return (
    <div className="z">
      <p className="soft">
        {t("shift.day", { day: day(z.business_day) })} · {dayClock(z.opened_ms)} – {dayClock(z.closed_ms)} · {z.cashier.name}
        {z.closed_for === null ? null : <> · {t("z.closed_for", { name: z.closed_for.name })}</>}
        {z.beside === null ? null : <> · {t("z.beside", { name: z.beside.name })}</>}
      </p>
      <p className={`due ${over === 0 ? "" : "bad"}`}>
        <span>{t(over === 0 ? "z.even" : over > 0 ? "z.over" : "z.short")}</span>
        <b className="figure">{yuan(over)}</b>
      </p>
      <div className="blocks">
        <section>
          <h3>{t("z.cash")}</h3>
          <dl>
            {rows([
              [t("z.float"), fen(z.cash.float)],
              [t("z.sales"), fen(z.cash.sales)],
              [t("z.top_ups"), fen(z.cash.top_ups)],
              [t("z.refunds"), fen(-z.cash.refunds)],
              [t("z.paid_in"), fen(z.cash.paid_in)],
              [t("z.paid_out"), fen(-z.cash.paid_out)],
              ...(z.cash.handed_in === 0 ? [] : [[t("z.handed_in"), fen(-z.cash.handed_in)] as const]),
              [t("z.expected"), fen(z.cash.expected)],
              [t("z.counted"), fen(z.cash.counted)],
            ])}
          </dl>
          <Counts counts={z.counts} />
          {z.cashiers.length === 0 ? null : (
            <>
              <h3>{t("z.by_cashier")}</h3>
              <dl>{rows(z.cashiers.map((one) => [`${one.cashier.name} · ${t("z.bills", { n: one.bills })}`, fen(one.amount)]))}</dl>
            </>
          )}
          {z.handed_on.length === 0 ? null : (
            <>
              <h3>{t("z.handed_on")}</h3>
              <dl>{rows(z.handed_on.map((one) => [`${one.label} · ${one.cashier.name}`, fen(one.total)]))}</dl>
            </>
          )}
        </section>
        <section>
          <h3>{t("z.tenders")}</h3>
          <dl>{rows(z.tenders.filter((tender) => tender.code !== "cash").map((tender) => [`${name(tender)} · ${t("z.bills", { n: tender.count })}`, fen(tender.amount)]))}</dl>
          <h3>{t("z.value")}</h3>
          <dl>
            {rows([
              [`${t("member.principal")} · ${t("z.bills", { n: z.value.count })}`, fen(z.value.principal)],
              [t("member.bonus"), fen(z.value.bonus)],
            ])}
          </dl>
          <h3>{t("z.top_up_block")}</h3>
          <dl>{rows(z.top_ups.map((tender) => [`${name(tender)} · ${t("z.bills", { n: tender.count })}`, `${fen(tender.amount)} + ${fen(tender.bonus)}`]))}</dl>
        </section>
        <section>
          <h3>{t("z.given")}</h3>
          <dl>
            {rows([
              [t("z.discounts"), fen(z.given.discounts)],
              [t("z.free"), fen(z.given.free)],
              [t("z.rounding"), fen(z.given.rounding)],
              ...(z.given.off_by_hand === 0 ? [] : [[t("z.off_by_hand"), fen(z.given.off_by_hand)] as const]),
              [`${t("z.returns")} · ${t("z.times", { n: z.given.refunds_count })}`, fen(z.given.refunds)],
              [t("z.voids"), t("z.times", { n: z.given.voids })],
              [t("z.removed"), t("z.times", { n: z.given.removed_lines })],
              [t("z.drawer"), t("z.times", { n: z.given.drawer_openings })],
              [t("z.reprints"), t("z.times", { n: z.given.reprints })],
              [t("z.overrides"), t("z.times", { n: z.given.overrides })],
            ])}
          </dl>
        </section>
      </div>
      <p className="soft hash">{t("z.hash", { seq: z.head_seq, hash: z.head_hash })}</p>
      <div className="actions">
        <span>{printText(speech, print)}</span>
        <Key data-first onClick={() => void again()}>
          {t("z.reprint")}
        </Key>
      </div>
    </div>
  );
}
