import { Key } from "@catena/web/kit/Key.tsx";
import { quantity, yuan } from "@catena/web/money.ts";
import { dayClock } from "@catena/web/when.ts";
import { useEffect, useState } from "react";
import { edge, type Schemas } from "../../api";
import { useWords } from "../../words";
import { close, enter, failed, recall } from "../actions";
import { Notice } from "../Notice";
import { CandidateText } from "../ScanBox";
import type { Panel } from "../state";
import { useDigits } from "./useKey";

/** Several things fit what was scanned or typed: the cashier says which. Digits choose as well. */
export function Candidates({ panel }: { panel: Extract<Panel, { kind: "candidates" }> }) {
  const { name } = useWords();
  const choose = (candidate: Schemas["Candidate"]) => {
    close();
    void enter(panel.text, candidate.choice);
  };
  useDigits(panel.candidates.length, (index) => {
    const candidate = panel.candidates[index];
    if (candidate !== undefined) choose(candidate);
  });
  return (
    <ul className="choices">
      {panel.candidates.map((candidate, index) => (
        <li key={candidate.choice}>
          <Key kbd={index < 9 ? String(index + 1) : null} onClick={() => choose(candidate)}>
            <CandidateText candidate={candidate} name={name} />
          </Key>
        </li>
      ))}
    </ul>
  );
}

/** Held bills of the whole shop; any till may take one. */
export function Held() {
  const { t } = useWords();
  const [held, setHeld] = useState<Schemas["Held"][] | null>(null);
  useEffect(() => {
    edge.read("/api/held").then((answer) => setHeld(answer.held), failed);
  }, []);
  useDigits(held?.length ?? 0, (index) => {
    const bill = held?.[index];
    if (bill !== undefined) void recall(bill.id, null);
  });
  if (held === null) return <p>{t("loading")}</p>;
  if (held.length === 0) return <p className="soft">{t("held.none")}</p>;
  return (
    <>
      <ul className="choices">
        {held.map((bill, index) => (
          <li key={bill.id}>
            <Key kbd={index < 9 ? String(index + 1) : null} onClick={() => void recall(bill.id, null)}>
              <span className="figure">{dayClock(bill.held_ms)}</span>
              <span className="what">
                {bill.member ?? t("member.none")} {bill.label ?? ""}
              </span>
              <span className="soft">{t("held.by", { name: bill.cashier.name, till: bill.till })}</span>
              <span className="soft">{t("bill.pieces", { n: quantity(bill.pieces) })}</span>
              <b className="figure">{yuan(bill.total)}</b>
            </Key>
          </li>
        ))}
      </ul>
      <Notice />
    </>
  );
}

/** A bill was held on another business day and prices changed since. */
export function HeldPrices({ panel }: { panel: Extract<Panel, { kind: "held_prices" }> }) {
  const { t } = useWords();
  return (
    <>
      <p>{t("held_prices.text", { held: yuan(panel.held_total), now: yuan(panel.new_total) })}</p>
      <div className="actions">
        <Key onClick={() => void recall(panel.held, "held")}>
          {t("held_prices.held")} <span className="figure">{yuan(panel.held_total)}</span>
        </Key>
        <Key className="main" data-first onClick={() => void recall(panel.held, "new")}>
          {t("held_prices.new")} <span className="figure">{yuan(panel.new_total)}</span>
        </Key>
      </div>
    </>
  );
}
