import { memo, useEffect, useRef } from "react";
import { Key } from "@catena/web/kit/Key.tsx";
import { discount, fen, quantity } from "@catena/web/money.ts";
import type { Schemas } from "../api";
import { useWords } from "../words";
import { changeQuantity, open, run } from "./actions";
import { DoneCard } from "./DoneCard";
import { currentLine, state, useTill } from "./state";

/** The lines of the open bill; while there is none, the change of the last one. */
export const Bill = memo(function Bill() {
  const { t } = useWords();
  const lines = useTill((now) => now.bill?.lines);
  const pieces = useTill((now) => now.bill?.totals.pieces ?? 0);
  const clerks = useTill((now) => (now.bill?.sales_clerks ?? []).map((clerk) => clerk.person.name).join(" · "));
  const last = useTill((now) => (now.bill === null || now.bill.lines.length === 0 ? now.last : null));
  const chosen = useTill((now) => currentLine(now)?.id ?? null);
  return (
    <section className="bill" aria-label={t("bill.title")}>
      <header>
        <h1>{t("bill.title")}</h1>
        {clerks === "" ? null : (
          <span className="soft clerks">
            {t("clerks.title")} {clerks}
          </span>
        )}
        {pieces > 0 ? <span className="soft">{t("bill.pieces", { n: quantity(pieces) })}</span> : null}
      </header>
      {lines === undefined || lines.length === 0 ? (
        last === null ? (
          <p className="empty soft">{t("bill.empty")}</p>
        ) : (
          <DoneCard done={last} />
        )
      ) : (
        <>
          <div className="head soft" aria-hidden="true">
            <span>{t("bill.name")}</span>
            <span>{t("bill.price")}</span>
            <span>{t("bill.quantity")}</span>
            <span>{t("bill.amount")}</span>
          </div>
          <ul className="lines">
            {lines.map((line) => (
              <Line key={line.id} line={line} chosen={line.id === chosen} />
            ))}
          </ul>
        </>
      )}
    </section>
  );
});

const Line = memo(function Line({ line, chosen }: { line: Schemas["Line"]; chosen: boolean }) {
  const { t, name, language } = useWords();
  const row = useRef<HTMLLIElement>(null);
  useEffect(() => {
    if (chosen) row.current?.scrollIntoView?.({ block: "nearest" });
  }, [chosen, line.quantity]);
  const rate = line.rate === null ? null : discount(line.rate, language);
  return (
    <li ref={row} className={chosen ? "line chosen" : "line"}>
      <button type="button" className="row" aria-current={chosen} onMouseDown={(event) => event.preventDefault()} onClick={() => state.set({ chosen: line.id })}>
        <span className="what">
          <span className="name">{name(line)}</span>
          <span className="soft figure code">{line.code}</span>
          {line.marks.map((mark) => (
            <em key={mark} className={`mark ${mark}`}>
              {mark === "discount" && rate !== null ? rate : t(`mark.${mark}`)}
            </em>
          ))}
        </span>
        <span className="figure price">
          {line.price < line.list_price ? <s className="soft">{fen(line.list_price)}</s> : null}
          {fen(line.price)}
        </span>
        <span className="figure quantity">
          × {quantity(line.quantity)}
          {line.weighed ? ` ${line.unit}` : ""}
        </span>
        <b className="figure amount">
          {line.net < line.gross && line.price === line.list_price ? <s className="soft">{fen(line.gross)}</s> : null}
          {fen(line.net)}
        </b>
      </button>
      {chosen ? (
        <div className="tools">
          <Key aria-label={t("line.less")} onClick={() => void changeQuantity(line, -1000)} disabled={line.weighed}>
            −
          </Key>
          <Key aria-label={t("line.quantity")} onClick={() => open({ kind: "line", line, ask: "quantity" })}>
            {quantity(line.quantity)}
          </Key>
          <Key aria-label={t("line.more")} onClick={() => void changeQuantity(line, 1000)} disabled={line.weighed}>
            +
          </Key>
          <Key onClick={() => open({ kind: "line", line, ask: "discount" })}>{t("line.discount")}</Key>
          <Key className="danger" onClick={() => void run("remove", { line: line.id })} kbd="Del">
            {t("line.remove")}
          </Key>
        </div>
      ) : null}
    </li>
  );
});
