import { Field } from "@catena/web/kit/Field.tsx";
import { Key } from "@catena/web/kit/Key.tsx";
import { fen, readFen } from "@catena/web/money.ts";
import { type FormEvent, useEffect, useState } from "react";
import { edge, type Schemas } from "../../api";
import { useWords } from "../../words";
import { failed, loadBill, open, run } from "../actions";
import { What, Who } from "../MemberStrip";
import { Notice } from "../Notice";
import { may, useSession } from "../state";
import { Finished } from "./Finished";

const ACTS = ["issue", "withdraw", "give", "adjust", "close"] as const;
type Act = (typeof ACTS)[number];
type Card = Schemas["MemberCard"];

/** What the desk does to a card: lost and found, another one, value off it, to a friend, put right, closed. Every sum shows before Enter. */
export function CardDesk({ member: opened }: { member: Card }) {
  const { t } = useWords();
  const [member, setMember] = useState(opened);
  const [act, setAct] = useState<Act>("issue");
  const [done, setDone] = useState<Schemas["Done"] | null>(null);
  const finished = (answer: Schemas["PaidIn"] | null) => {
    if (answer === null) return;
    setMember(answer.member);
    setDone(answer.done);
    void loadBill();
  };
  if (done !== null) return <Finished done={done} member={member} />;
  const acts = ACTS.filter((one) => may(one === "issue" ? "enrol" : "withdraw") || may("enrol"));
  return (
    <div className="ask">
      <Who member={member} />
      <What member={member} />
      <Cards member={member} onMember={setMember} />
      <div className="reasons" role="group" aria-label={t("card.title")}>
        {acts.map((one) => (
          <Key key={one} data-act={one} className={one === act ? "on" : ""} onClick={() => setAct(one)}>
            {t(`card.${one}`)}
          </Key>
        ))}
      </div>
      <Doing key={act} act={act} member={member} onDone={finished} />
      <Notice />
      <div className="actions">
        <Key onClick={() => open({ kind: "member", id: member.id })}>{t("back")}</Key>
      </div>
    </div>
  );
}

/** Each card with how it stands: reported lost, or lifted, with one key. */
function Cards({ member, onMember }: { member: Card; onMember: (member: Card) => void }) {
  const { t } = useWords();
  const report = async (card: string, lost: boolean) => {
    const answer = await run("card_report", { member: member.id, card, lost, reason: t(lost ? "card.lost" : "card.found") });
    if (answer !== null) onMember(answer.member);
  };
  return (
    <ul className="rows">
      {member.held.map((card) => (
        <li key={card.end}>
          <span className="figure what">{card.end}</span> <span className={card.stands === "good" ? "soft" : "wrong"}>{t(`card.stands.${card.stands}`)}</span>{" "}
          {card.stands === "good" ? <Key onClick={() => void report(card.end, true)}>{t("card.report")}</Key> : null}
          {card.stands === "lost" ? <Key onClick={() => void report(card.end, false)}>{t("card.lift")}</Key> : null}
        </li>
      ))}
    </ul>
  );
}

/** The form of one act: its amounts, what they bring, the tender that does it. */
function Doing({ act, member, onDone }: { act: Act; member: Card; onDone: (answer: Schemas["PaidIn"] | null) => void }) {
  const { t, name } = useWords();
  const tenders = useSession()?.settings.top_up_tenders ?? [];
  const [text, setText] = useState("");
  const [second, setSecond] = useState("");
  const [number, setNumber] = useState("");
  const [old, setOld] = useState("");
  const [reason, setReason] = useState("");
  const [friend, setFriend] = useState<Schemas["MemberHit"] | null>(null);
  const [preview, setPreview] = useState<Schemas["CardPreview"] | null>(null);
  const [told, setTold] = useState(0);
  const amount = readFen(text) ?? 0;
  useEffect(() => {
    let stands = true;
    edge.read("/api/card", { query: { member: member.id, amount } }).then((answer) => {
      if (stands) setPreview(answer);
    }, failed);
    return () => {
      stands = false;
    };
  }, [amount, member.id, told]);
  const find = async () => {
    const { members } = await edge.read("/api/members", { query: { text: number } });
    const others = members.filter((hit) => hit.id !== member.id);
    setFriend(others.length === 1 ? (others[0] ?? null) : null);
  };
  const said = (tender: string): Promise<Schemas["PaidIn"] | null> => {
    const base = { member: member.id, reason };
    if (act === "issue") return run("card_issue", { member: member.id, number, instead_of: old === "" ? null : old, fee: amount, deposit: readFen(second) ?? 0, tender });
    if (act === "withdraw") return run("withdraw", { ...base, amount, tender, forfeit: preview?.forfeit ?? 0 });
    if (act === "give") return friend === null ? Promise.resolve(null) : run("give_value", { ...base, to: friend.id, amount });
    if (act === "adjust") return run("adjust_value", { ...base, principal: signed(text), bonus: signed(second) });
    return run("card_close", { ...base, tender, paid_out: preview?.closing ?? 0 });
  };
  const go = async (tender: string) => {
    const answer = await said(tender);
    // What lay elsewhere may have come here meanwhile: the sums are told anew before they are asked for again.
    if (answer === null) setTold((times) => times + 1);
    onDone(answer);
  };
  const ready = { issue: number.length >= 4, withdraw: amount > 0 && reason !== "", give: amount > 0 && friend !== null && reason !== "", adjust: (signed(text) !== 0 || signed(second) !== 0) && reason !== "", close: preview !== null && reason !== "" }[act];
  const moves = act === "issue" || act === "withdraw" || act === "close";
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (act === "give") void find().catch(failed);
  };
  return (
    <form className="ask" onSubmit={submit}>
      <div className="pair">
        {act === "issue" || act === "give" ? <Field label={t(act === "issue" ? "card.number" : "card.friend")} first maxLength={32} value={number} onText={setNumber} /> : null}
        {act === "issue" && member.held.length > 0 ? <Field label={t("card.instead_of")} maxLength={4} value={old} onText={setOld} /> : null}
        {act === "close" ? null : <Field label={t(`card.amount.${act}`)} first={act !== "issue" && act !== "give"} className="figure" inputMode="decimal" maxLength={10} value={text} onText={setText} />}
        {act === "issue" || act === "adjust" ? <Field label={t(`card.second.${act}`)} className="figure" inputMode="decimal" maxLength={10} value={second} onText={setSecond} /> : null}
        {act === "issue" ? null : <Field label={t("reason.label")} maxLength={40} value={reason} onText={setReason} />}
      </div>
      {act === "give" ? (
        <p className="reasons">
          <Key type="submit" disabled={number === ""}>
            {t("card.find_friend")}
          </Key>
          {friend === null ? null : <b>{`${friend.name} ${friend.phone}`}</b>}
        </p>
      ) : null}
      {preview === null ? null : (
        <p className="due">
          {act === "withdraw" ? <span>{t("card.forfeit", { amount: fen(preview.forfeit) })}</span> : null}
          {act === "close" ? <span>{t("card.closing", { amount: fen(preview.closing), deposit: fen(preview.deposits), bonus: fen(preview.bonus) })}</span> : null}
        </p>
      )}
      <div className="actions">
        {moves ? (
          tenders.map((tender) => (
            <Key key={tender.code} data-tender={tender.code} className="main" disabled={!ready} onClick={() => void go(tender.code)}>
              {`${t(`card.${act}`)} · ${name(tender)}`}
            </Key>
          ))
        ) : (
          <Key className="main" disabled={!ready} onClick={() => void go("cash")}>
            {t(`card.${act}`)}
          </Key>
        )}
      </div>
    </form>
  );
}

/** An amount with a sign, minor units; nothing typed is 0. */
function signed(text: string): number {
  const typed = text.trim();
  const amount = readFen(typed.replace(/^-/, "")) ?? 0;
  return typed.startsWith("-") ? -amount : amount;
}
