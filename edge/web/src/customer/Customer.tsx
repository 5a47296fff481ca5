import { useEvents } from "@catena/web/events.ts";
import { discount, fen, quantity, yuan } from "@catena/web/money.ts";
import { memo, useEffect, useRef, useState } from "react";
import type { Schemas } from "../api";
import { loadBill, loadTill } from "../cashier/actions";
import { useTill } from "../cashier/state";
import { useWords } from "../words";
import "./customer.css";

/** How long the change of the last bill stays readable. */
const DONE_FOR_MS = 30_000;

/**
 * 副屏: what the customer sees, in a second window of the till's own browser. It has no key and asks for no pairing: it follows the till's
 * session, shows nothing while that is locked, and never a balance or a whole name.
 */
export default function Customer() {
  const till = useTill((now) => now.till);
  const signedIn = till?.session != null && !till.session.locked;
  useEffect(() => {
    void loadTill();
  }, []);
  useEffect(() => {
    if (signedIn) void loadBill();
  }, [signedIn]);
  useEvents<Schemas["Event"]>("/api/events", heard, () => void loadTill());
  const bill = useTill((now) => now.bill);
  const last = useTill((now) => now.last);
  const shown = useRecent(last, bill !== null && bill.lines.length > 0);
  if (till === null) return null;
  return (
    <main className="customer">
      <header>
        <b>{till.chain}</b>
        <span>{till.branch.name}</span>
      </header>
      {!signedIn ? <Welcome /> : bill !== null && bill.lines.length > 0 ? <Open bill={bill} /> : shown !== null ? <Done done={shown} /> : <Welcome />}
    </main>
  );
}

function heard(event: Schemas["Event"]): void {
  if (event.kind === "bill") void loadBill();
  if (event.kind === "session" || event.kind === "shift") void loadTill();
}

/** The receipt of the bill that this page saw, for a while; never that of the one before, such as when a bill is voided. */
function useRecent(last: Schemas["Done"] | null, selling: boolean): Schemas["Done"] | null {
  const [shown, setShown] = useState<Schemas["Done"] | null>(null);
  const before = useRef<string | null | undefined>(undefined);
  useEffect(() => {
    if (selling) {
      before.current = last?.id ?? null;
      setShown(null);
      return;
    }
    if (last === null || before.current === undefined || before.current === last.id) return;
    setShown(last);
    const timer = setTimeout(() => setShown(null), DONE_FOR_MS);
    return () => clearTimeout(timer);
  }, [last?.id, selling]);
  return selling ? null : shown;
}

function Welcome() {
  const { t } = useWords();
  return <p className="welcome">{t("customer.welcome")}</p>;
}

function Open({ bill }: { bill: Schemas["Bill"] }) {
  const { t, name, language } = useWords();
  const { totals, member, tenders } = bill;
  const saved = totals.discount;
  return (
    <>
      {member === null ? null : (
        <p className="who">
          {t("customer.member", { name: surname(member.name) })} {name(member.level)}
          {member.birthday_today ? ` · ${t("customer.birthday")}` : ""}
        </p>
      )}
      <Lines lines={bill.lines} />
      <footer>
        <dl>
          {saved > 0 ? (
            <div className="saved">
              <dt>
                {t("customer.saved")} {totals.discounts.map((part) => (part.rate === null ? "" : (discount(part.rate, language) ?? ""))).join(" ")}
              </dt>
              <dd className="figure">{fen(-saved)}</dd>
            </div>
          ) : null}
          {totals.rounding === 0 ? null : (
            <div>
              <dt>{t("totals.rounding")}</dt>
              <dd className="figure">{fen(totals.rounding)}</dd>
            </div>
          )}
          {tenders.map((tender) => (
            <div key={tender.id}>
              <dt>{name(tender)}</dt>
              <dd className="figure">{fen(tender.amount)}</dd>
            </div>
          ))}
        </dl>
        <p className="big" aria-live="polite">
          <span>{t(totals.paid > 0 ? "totals.left" : "totals.due")}</span>
          <b className="figure">{yuan(totals.paid > 0 ? totals.left : totals.due)}</b>
        </p>
      </footer>
    </>
  );
}

const Lines = memo(function Lines({ lines }: { lines: Schemas["Line"][] }) {
  const { name } = useWords();
  const end = useRef<HTMLLIElement>(null);
  useEffect(() => {
    // A browser may answer with a promise, which is no cleaning up.
    end.current?.scrollIntoView?.({ block: "end" });
  }, [lines.length]);
  return (
    <ul>
      {lines.map((line) => (
        <li key={line.id}>
          <span>{name(line)}</span>
          <span className="figure">
            {fen(line.price)} × {quantity(line.quantity)}
          </span>
          <span className="figure">{fen(line.net)}</span>
        </li>
      ))}
      <li ref={end} aria-hidden="true" />
    </ul>
  );
});

function Done({ done }: { done: Schemas["Done"] }) {
  const { t } = useWords();
  const refund = done.kind === "return";
  return (
    <section className="over" role="status">
      <p className="big">
        <span>{t(refund ? "done.refund" : "done.tendered")}</span>
        <b className="figure">{yuan(refund ? Math.abs(done.due) : done.tendered)}</b>
      </p>
      {refund ? null : (
        <p className="big change">
          <span>{t("done.change")}</span>
          <b className="figure">{yuan(done.change)}</b>
        </p>
      )}
      {done.discount > 0 ? <p>{t("done.saved", { amount: fen(done.discount) })}</p> : null}
      <p>{t("customer.thanks")}</p>
    </section>
  );
}

/** The first character of a name: people behind read along. */
function surname(name: string): string {
  return [...name][0] ?? "";
}
