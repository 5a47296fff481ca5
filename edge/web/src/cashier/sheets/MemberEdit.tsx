import { Field } from "@catena/web/kit/Field.tsx";
import { Key } from "@catena/web/kit/Key.tsx";
import { type FormEvent, useState } from "react";
import type { Schemas } from "../../api";
import { useWords } from "../../words";
import { loadBill, open, run } from "../actions";
import { Notice } from "../Notice";
import { useTill } from "../state";

/** Puts right what stands about a member. The phone is shown masked, so it is typed anew or left alone. */
export function MemberEdit({ member }: { member: Schemas["MemberCard"] }) {
  const { t } = useWords();
  const [name, setName] = useState(member.name);
  const [phone, setPhone] = useState("");
  const [note, setNote] = useState(member.note ?? "");
  const taken = useTill((now) => now.notice?.code === "phone_taken");
  const changed = (now: string, before: string) => (now.trim() === before ? null : now.trim());
  const said = { name: changed(name, member.name), phone: changed(phone, ""), note: changed(note, member.note ?? "") };
  const ready = name.trim() !== "" && Object.values(said).some((one) => one !== null);
  const save = async (although_taken: boolean) => {
    if ((await run("member_edit", { member: member.id, ...said, although_taken })) === null) return;
    void loadBill();
    open({ kind: "member", id: member.id });
  };
  return (
    <form
      className="ask"
      onSubmit={(event: FormEvent) => {
        event.preventDefault();
        if (ready) void save(false);
      }}
    >
      <div className="pair">
        <Field label={t("enrol.name")} name="name" first maxLength={40} value={name} onText={setName} />
        <Field label={t("member.new_phone", { phone: member.phone })} name="phone" inputMode="tel" maxLength={20} value={phone} onText={setPhone} />
      </div>
      <Field label={t("member.note")} name="note" maxLength={200} value={note} onText={setNote} />
      <Notice />
      <div className="actions">
        <Key onClick={() => open({ kind: "member", id: member.id })}>{t("back")}</Key>
        {taken ? <Key onClick={() => void save(true)}>{t("member.share_phone")}</Key> : null}
        <Key type="submit" className="main" disabled={!ready}>
          {t("member.save")}
        </Key>
      </div>
    </form>
  );
}
