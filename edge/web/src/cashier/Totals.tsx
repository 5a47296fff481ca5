import { memo } from "react";
import { Key } from "@catena/web/kit/Key.tsx";
import { discount, fen, yuan } from "@catena/web/money.ts";
import { useWords } from "../words";
import { run } from "./actions";
import { useTill } from "./state";

/** What the bill comes to, what was taken, what is still due. */
export const Totals = memo(function Totals() {
  const { t, name, language } = useWords();
  const totals = useTill((now) => now.bill?.totals ?? null);
  const tenders = useTill((now) => now.bill?.tenders);
  const coupon = useTill((now) => now.bill?.coupon ?? null);
  if (totals === null) return <section className="totals" aria-label={t("totals.due")} />;
  return (
    <section className="totals" aria-label={t("totals.due")}>
      <dl>
        <div>
          <dt>{t("totals.subtotal")}</dt>
          <dd className="figure">{fen(totals.subtotal)}</dd>
        </div>
        {totals.discounts.map((part) => (
          <div key={`${part.kind} ${part.rate}`} className="off">
            <dt>
              {t(`discount.${part.kind}`)} {part.rate === null ? "" : discount(part.rate, language)}
            </dt>
            <dd className="figure">
              {fen(-part.amount)}
              {part.kind === "coupon" && coupon !== null ? (
                <Key aria-label={t("coupon.off", { name: name(coupon) })} onClick={() => void run("coupon_off", {})}>
                  ×
                </Key>
              ) : null}
            </dd>
          </div>
        ))}
        {coupon === null || coupon.counts ? null : (
          <div className="off">
            <dt>
              {name(coupon)} <span className="soft">{t("coupon.least", { amount: fen(coupon.least) })}</span>
            </dt>
            <dd className="figure">{fen(0)}</dd>
          </div>
        )}
        {totals.rounding === 0 ? null : (
          <div className="off">
            <dt>{t("totals.rounding")}</dt>
            <dd className="figure">{fen(totals.rounding)}</dd>
          </div>
        )}
        {(tenders ?? []).map((tender) => (
          <div key={tender.id} className="paid">
            <dt>
              {name(tender)}
              {tender.principal === null ? null : (
                <span className="soft">
                  {" "}
                  {t("member.principal")} {fen(tender.principal)} · {t("member.bonus")} {fen(tender.bonus ?? 0)}
                </span>
              )}
            </dt>
            <dd className="figure">
              {fen(tender.amount)}
              <Key aria-label={t("tenders.remove")} onClick={() => void run("tender_remove", { tender: tender.id })}>
                ×
              </Key>
            </dd>
          </div>
        ))}
      </dl>
      <p className="due">
        <span>{t(totals.paid > 0 ? "totals.left" : "totals.due")}</span>
        <b className="figure">{yuan(totals.paid > 0 ? totals.left : totals.due)}</b>
      </p>
      <p className="soft notes">
        {totals.left_cash !== totals.left ? <span>{t("totals.cash", { due: fen(totals.left_cash) })}</span> : null}
        {totals.points > 0 ? <span>{t("totals.points", { n: totals.points })}</span> : null}
      </p>
    </section>
  );
});
