import { Field } from "@catena/web/kit/Field.tsx";
import { Key } from "@catena/web/kit/Key.tsx";
import { readDay } from "@catena/web/when.ts";
import { type FormEvent, useState } from "react";
import type { Schemas } from "../../api";
import { useWords } from "../../words";
import { close, run } from "../actions";
import { Notice } from "../Notice";
import { state, useTill } from "../state";

/** A new member: name and phone are enough. A swiped card types itself into its field; Enter there saves nothing. */
export function Enrol(props: { phone: string; card: string }) {
  const { t, name: named } = useWords();
  const [name, setName] = useState("");
  const [phone, setPhone] = useState(props.phone);
  const [birthday, setBirthday] = useState("");
  const [card, setCard] = useState(props.card);
  const [gender, setGender] = useState<"f" | "m" | null>(null);
  const [pin, setPin] = useState("");
  const day = readDay(birthday);
  const notice = useTill((now) => now.notice);
  const taken = notice?.code === "phone_taken" ? ((notice.args["members"] ?? []) as readonly Schemas["MemberHit"][]) : [];
  const save = async (although_taken: boolean) => {
    const answer = await run("enrol", { name: name.trim(), phone: phone.trim(), birthday: day, gender, card: card.trim() === "" ? null : card.trim(), pin: pin === "" ? null : pin, attach: true, although_taken });
    if (answer !== null) close();
  };
  const ready = name.trim() !== "" && phone.trim() !== "" && (birthday === "" || day !== null) && (pin === "" || pin.length === 6);
  return (
    <form
      className="ask"
      onSubmit={(event: FormEvent) => {
        event.preventDefault();
        const at = document.activeElement;
        if (ready && !(at instanceof HTMLInputElement && at.name === "card")) void save(false);
      }}
    >
      <div className="pair">
        <Field label={t("enrol.name")} name="name" first maxLength={40} value={name} onText={setName} />
        <Field label={t("enrol.phone")} name="phone" inputMode="tel" maxLength={20} value={phone} onText={setPhone} />
        <Field label={t("enrol.birthday")} name="birthday" maxLength={10} value={birthday} onText={setBirthday} wrong={birthday.length >= 8 && day === null ? t("refusal.bad_birthday") : null} />
        <Field label={t("enrol.card")} name="card" maxLength={40} value={card} onText={setCard} />
        <Field label={t("enrol.pin")} name="new-pin" type="password" inputMode="numeric" maxLength={6} value={pin} onText={setPin} />
        <div className="reasons" role="group" aria-label={t("enrol.gender")}>
          <span className="soft">{t("enrol.gender")}</span>
          {(["f", "m", null] as const).map((one) => (
            <Key key={one ?? "unknown"} className={gender === one ? "on" : ""} aria-pressed={gender === one} onClick={() => setGender(one)}>
              {t(`enrol.${one ?? "unknown"}`)}
            </Key>
          ))}
        </div>
      </div>
      {taken.length === 0 ? null : (
        <>
          <p>{t("enrol.taken")}</p>
          <ul className="choices">
            {taken.map((member) => (
              <li key={member.id}>
                <Key onClick={() => void run("attach", { member: member.id, text: null }).then((answer) => answer !== null && close())}>
                  <span className="what">{member.name}</span>
                  <span className="figure">{member.phone}</span>
                  <span className="soft">{named(member.level)}</span>
                </Key>
              </li>
            ))}
          </ul>
        </>
      )}
      <Notice />
      <div className="actions">
        {taken.length === 0 ? null : <Key onClick={() => void save(true)}>{t("enrol.anyway")}</Key>}
        <Key type="submit" className="main" disabled={!ready || state.get().busy > 0}>
          {t("enrol.save")}
        </Key>
      </div>
    </form>
  );
}

