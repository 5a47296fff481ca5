import { Key } from "@catena/web/kit/Key.tsx";
import { fen, quantity } from "@catena/web/money.ts";
import type { Schemas } from "../../api";
import { useWords } from "../../words";
import { Reasons } from "./Reasons";

/** Thousandths that come back, by number of the line. */
export type Picks = ReadonlyMap<number, number>;

/** One piece, in thousandths. */
const PIECE = 1000;

/** Everything that may still come back. */
export function wholeOf(lines: readonly Schemas["SaleLine"][]): Picks {
  return new Map(lines.filter((line) => line.returnable > 0).map((line) => [line.no, line.returnable]));
}

/** The chosen pieces as commands take them. */
export function picksOf(picks: Picks): Schemas["Piece"][] {
  return [...picks].filter(([, chosen]) => chosen > 0).map(([line, chosen]) => ({ line, quantity: chosen }));
}

/** Which pieces of which lines come back. Weighed goods come back whole or not at all. */
export function Pieces({ lines, picks, onPick }: { lines: readonly Schemas["SaleLine"][]; picks: Picks; onPick: (picks: Picks) => void }) {
  const { t, name } = useWords();
  return (
    <ul className="plain pieces">
      {lines.map((line) => {
        const chosen = picks.get(line.no) ?? 0;
        const step = line.returnable % PIECE === 0 ? PIECE : line.returnable;
        const set = (wanted: number) => onPick(new Map(picks).set(line.no, Math.min(Math.max(wanted, 0), line.returnable)));
        return (
          <li key={line.id}>
            <span>{name(line)}</span>
            <span className="soft">{t("sale.left", { n: quantity(line.returnable) })}</span>
            <span className="stepper">
              <Key aria-label={t("sale.fewer", { name: name(line) })} disabled={chosen <= 0} onClick={() => set(chosen - step)}>
                −
              </Key>
              <b className="figure">{quantity(chosen)}</b>
              <Key aria-label={t("sale.more", { name: name(line) })} disabled={chosen >= line.returnable} onClick={() => set(chosen + step)}>
                +
              </Key>
            </span>
          </li>
        );
      })}
    </ul>
  );
}

/** Where the money goes, tender by tender, what happens to the points, and why. */
export function RefundView({ refund, reason, onReason }: { refund: Schemas["Refund"]; reason: string | null; onReason: (reason: string) => void }) {
  const { t, name } = useWords();
  return (
    <section className="refund">
      <p>
        {t("sale.to")}{" "}
        {refund.to.map((tender) => (
          <b key={tender.id} className="figure">
            {name(tender)} {fen(tender.amount)}
            {tender.principal === null ? "" : ` (${t("member.principal")} ${fen(tender.principal)} · ${t("member.bonus")} ${fen(tender.bonus ?? 0)})`}{" "}
          </b>
        ))}
      </p>
      <p className="soft">
        {[
          refund.points_back > 0 ? t("sale.points_back", { n: refund.points_back }) : null,
          refund.points_taken > 0 ? t("sale.points_taken", { n: refund.points_taken }) : null,
          refund.points_charge > 0 ? t("sale.points_charge", { n: refund.points_short, amount: fen(refund.points_charge) }) : null,
        ]
          .filter((part) => part !== null)
          .join(" · ")}
      </p>
      <Reasons of={["customer", "damaged", "wrong", "mistake"]} chosen={reason} onChoose={onReason} />
      {reason === null ? <p className="soft">{t("sale.reason_first")}</p> : null}
    </section>
  );
}
