import { Key } from "@catena/web/kit/Key.tsx";
import { count, fen, quantity, yuan } from "@catena/web/money.ts";
import { dayClock } from "@catena/web/when.ts";
import { useCallback, useEffect, useState } from "react";
import { edge, type Schemas } from "../../api";
import { useWords } from "../../words";
import { failed, loadBill, open, run } from "../actions";
import { DoneCard } from "../DoneCard";
import { Who } from "../MemberStrip";
import { Notice } from "../Notice";
import { may, useSession } from "../state";
import { Reasons } from "./Reasons";

/** Gifts for points: what all of it costs shows before the key; below them what the member had last, and taking it back. */
export function Gifts({ member: opened }: { member: Schemas["MemberCard"] }) {
  const { t, name } = useWords();
  const session = useSession();
  const [member, setMember] = useState(opened);
  const [desk, setDesk] = useState<Schemas["GiftDesk"] | null>(null);
  const [chosen, setChosen] = useState<ReadonlyMap<number, number>>(new Map());
  const [done, setDone] = useState<Schemas["Done"] | null>(null);
  const [cancelling, setCancelling] = useState<string | null>(null);
  const read = useCallback(() => {
    edge.read("/api/gifts", { query: { member: opened.id } }).then(setDesk, failed);
  }, [opened.id]);
  useEffect(read, [read]);
  if (desk === null || session === null) return null;
  const wanted = desk.gifts.filter((gift) => (chosen.get(gift.product) ?? 0) > 0);
  const pieces = (gift: Schemas["GiftShown"]) => chosen.get(gift.product) ?? 0;
  const points = wanted.reduce((sum, gift) => sum + gift.points * pieces(gift), 0);
  const money = wanted.reduce((sum, gift) => sum + gift.money * pieces(gift), 0);
  const finished = (answer: Schemas["PaidIn"] | null) => {
    setChosen(new Map());
    setCancelling(null);
    read();
    if (answer === null) return;
    setMember(answer.member);
    setDone(answer.done);
    void loadBill();
  };
  const take = (tender: string) => {
    const gifts = wanted.map((gift) => ({ product: gift.product, pieces: pieces(gift) }));
    void run("gifts_take", { member: member.id, gifts, points, money, tender }).then(finished);
  };
  const cancel = (reason: string) => {
    if (cancelling !== null) void run("redemption_cancel", { member: member.id, receipt_no: cancelling, reason }).then(finished);
  };
  const tenders = money > 0 ? session.settings.tenders.filter((kind) => kind.kind === "cash" || kind.kind === "other") : [];
  return (
    <div className="ask">
      <Who member={member} />
      {done === null ? null : done.due === 0 ? (
        <p role="status">
          {t("done.paper")} <span className="figure">{done.receipt_no}</span>
        </p>
      ) : (
        <DoneCard done={done} />
      )}
      {desk.gifts.length === 0 ? <p className="soft">{t("gifts.none")}</p> : null}
      <ul className="plain pieces">
        {desk.gifts.map((gift) => (
          <li key={gift.product}>
            <span>
              {name(gift)}{" "}
              <span className="soft figure">
                {t("gifts.cost", { n: count(gift.points) })}
                {gift.money > 0 ? ` + ${yuan(gift.money)}` : ""}
              </span>
            </span>
            <span className="soft figure">{t("gifts.stock", { n: quantity(gift.stock) })}</span>
            <span className="stepper">
              <Key aria-label={t("sale.fewer", { name: name(gift) })} disabled={pieces(gift) <= 0} onClick={() => setChosen(new Map(chosen).set(gift.product, pieces(gift) - 1))}>
                −
              </Key>
              <b className="figure">{pieces(gift)}</b>
              <Key aria-label={t("sale.more", { name: name(gift) })} data-gift={gift.product} onClick={() => setChosen(new Map(chosen).set(gift.product, pieces(gift) + 1))}>
                +
              </Key>
            </span>
          </li>
        ))}
      </ul>
      <p className="due">
        <span>
          {t("gifts.total")} <b className="figure">{t("gifts.cost", { n: count(points) })}</b> {money > 0 ? <b className="figure">+ {yuan(money)}</b> : null}
        </span>
        <span>{t("gifts.usable", { n: count(desk.usable) })}</span>
      </p>
      <Notice />
      {desk.redeemed.length === 0 ? null : (
        <ul className="plain">
          {desk.redeemed.map((taken, at) => (
            <li key={`${taken.receipt_no}/${at}`}>
              <span>
                {name(taken)} × {quantity(taken.quantity)} <span className="soft figure">{dayClock(taken.at_ms)}</span>
              </span>
              <span className="soft figure">{t("gifts.cost", { n: count(taken.points) })}</span>
              <span className="soft figure">{taken.money > 0 ? fen(taken.money) : ""}</span>
              {taken.cancelled ? (
                <em className="soft">{t("gifts.cancelled")}</em>
              ) : may("return") ? (
                <Key onClick={() => setCancelling(taken.receipt_no)}>{t("gifts.cancel")}</Key>
              ) : null}
            </li>
          ))}
        </ul>
      )}
      {cancelling === null ? null : <Reasons of={["customer", "mistake", "damaged"]} chosen={null} onChoose={cancel} />}
      <div className="actions">
        <Key onClick={() => open({ kind: "member", id: member.id })}>{t("back")}</Key>
        {money > 0 ? (
          tenders.map((kind) => (
            <Key key={kind.code} className="main" data-tender={kind.code} onClick={() => take(kind.code)}>
              {name(kind)}
            </Key>
          ))
        ) : (
          <Key className="main" data-take disabled={points === 0} onClick={() => take("")}>
            {t("gifts.take")}
          </Key>
        )}
      </div>
    </div>
  );
}
