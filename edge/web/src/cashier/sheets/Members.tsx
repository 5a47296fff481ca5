import { Field } from "@catena/web/kit/Field.tsx";
import { Key } from "@catena/web/kit/Key.tsx";
import { type FormEvent, useEffect, useState } from "react";
import { edge, type Schemas } from "../../api";
import { useWords } from "../../words";
import { elsewhere } from "../../words/refusal";
import { failed, open, run } from "../actions";
import { What, Who } from "../MemberStrip";
import { Notice } from "../Notice";
import { may } from "../state";
import { finish } from "./Discount";

/** Typed text is looked up after this pause. */
const LOOK_UP_AFTER_MS = 160;

/** Finds a member by card, phone, name or pinyin. Balances only after choosing. */
export function Members({ text: asked, hits }: { text: string; hits: Schemas["MemberHit"][] | null }) {
  const { t, name } = useWords();
  const [text, setText] = useState(asked);
  const [found, setFound] = useState<{ text: string; members: Schemas["MemberHit"][] } | null>(hits === null ? null : { text: "", members: hits });
  useEffect(() => {
    if (text.trim() === "") return;
    const pause = setTimeout(() => {
      edge.read("/api/members", { query: { text: text.trim() } }).then((answer) => setFound({ text: text.trim(), members: answer.members }), failed);
    }, LOOK_UP_AFTER_MS);
    return () => clearTimeout(pause);
  }, [text]);
  const attach = (member: string, text: string | null) => void finish(run("attach", { member, text }));
  const first = async (event: FormEvent) => {
    event.preventDefault();
    const { members } = await edge.read("/api/members", { query: { text: text.trim() } });
    setFound({ text: text.trim(), members });
    if (members.length === 1 && members[0] !== undefined) attach(members[0].id, text.trim());
  };
  return (
    <>
      <form onSubmit={(event) => void first(event).catch(failed)}>
        <Field label={t("members.label")} first value={text} maxLength={60} onText={setText} />
      </form>
      <p className="soft">{t("members.hint")}</p>
      {found === null ? null : found.members.length === 0 ? (
        <p>{t("members.none", { text: found.text })}</p>
      ) : (
        <ul className="choices">
          {found.members.map((member) => (
            <li key={member.id}>
              <Key onClick={() => attach(member.id, found.text)}>
                <span className="soft why">{t(`why.${member.why}`)}</span>
                <span className="what">{member.name}</span>
                <span className="figure">{member.phone}</span>
                <span className="soft">{name(member.level)}</span>
                <span className="soft">{member.home}</span>
              </Key>
            </li>
          ))}
        </ul>
      )}
      <Notice />
      <div className="actions">
        {may("enrol") ? <Key onClick={() => open({ kind: "enrol", phone: /^\d{11}$/.test(text) ? text : "", card: /^\d{4,10}$/.test(text) ? text : "" })}>{t("members.enrol")}</Key> : null}
      </div>
    </>
  );
}

/** One member: where the balance lies, the PIN, top-up; opened from a call the balance shows after a tap. */
export function Member({ id }: { id: string }) {
  const speech = useWords();
  const { t } = speech;
  const [member, setMember] = useState<Schemas["MemberCard"] | null>(null);
  const [balance, setBalance] = useState(false);
  const [pin, setPin] = useState("");
  const [old, setOld] = useState("");
  const [saved, setSaved] = useState(false);
  useEffect(() => {
    edge.read("/api/members/{id}", { parts: { id } }).then(setMember, failed);
  }, [id]);
  if (member === null) return <p>{t("loading")}</p>;
  const savePin = async (event: FormEvent) => {
    event.preventDefault();
    const answer = await run("member_pin", { member: id, pin, old: old === "" ? null : old });
    setPin("");
    setOld("");
    if (answer === null) return;
    setMember(answer.member);
    setSaved(true);
  };
  return (
    <div className="ask">
      <Who member={member} />
      {balance ? (
        <>
          <What member={member} />
          {member.value.elsewhere.length > 0 ? <p className="soft">{elsewhere(speech, member.value.elsewhere)}</p> : null}
        </>
      ) : (
        <Key onClick={() => setBalance(true)}>{t("member.show_balance")}</Key>
      )}
      <p className="soft">
        {t("member.home")} {member.home} · {t("member.cards")} {member.cards.join(", ")}
        {member.note === null ? "" : ` · ${t("member.note")} ${member.note}`}
      </p>
      <div className="actions">
        {may("enrol") ? <Key onClick={() => open({ kind: "member_edit", member })}>{t("member.edit")}</Key> : null}
        <Key onClick={() => open({ kind: "package", member })}>{t("package.title")}</Key>
        <Key onClick={() => open({ kind: "gifts", member })}>{t("gifts.title")}</Key>
        {may("enrol") || may("withdraw") ? <Key onClick={() => open({ kind: "card", member })}>{t("card.title")}</Key> : null}
        <Key onClick={() => open({ kind: "top_up", member })}>{t("member.top_up")}</Key>
        {may("points") ? <Key onClick={() => open({ kind: "points", member })}>{t("points.title")}</Key> : null}
        <Key className="main" data-first onClick={() => void finish(run("attach", { member: id, text: null }))}>
          {t("member.attach")}
        </Key>
      </div>
      <form className="pair" onSubmit={(event) => void savePin(event)}>
        {member.pin_set ? <Field label={t("member.old_pin")} type="password" inputMode="numeric" maxLength={6} value={old} onText={setOld} /> : null}
        <Field label={t("member.new_pin")} type="password" inputMode="numeric" maxLength={6} value={pin} onText={setPin} />
        <Key type="submit" disabled={pin.length !== 6}>
          {t(member.pin_set ? "member.change_pin" : "member.set_pin")}
        </Key>
      </form>
      {saved ? <p role="status">{t("member.pin_saved")}</p> : null}
      <Notice />
    </div>
  );
}
