import { yuan } from "@catena/web/money.ts";
import { day, dayClock, readDay } from "@catena/web/when.ts";
import { App, Button, Input, Modal, Select, Space, Tag } from "antd";
import { useState } from "react";
import { useRead, type Schemas } from "../../api";
import { useCommand } from "../../kit/useCommand";
import { useMay } from "../../session";
import { useWords } from "../../words";

const STALE = ["/api/members", "/api/members/{id}"];

/** A member's level, and another one by hand, with an end if it has one, where the levels can be read. */
export function Level({ member }: { member: Schemas["Member"] }) {
  const speech = useWords();
  const { t } = speech;
  const may = useMay();
  const levels = useRead("/api/levels", { when: may("members") });
  const give = useCommand("member_level", STALE);
  const [asked, setAsked] = useState<Schemas["Level"] | null>(null);
  const [ends, setEnds] = useState("");
  const rows = levels.data?.rows ?? [];
  const given = member.level_given;
  const by = given === null ? null : <small>{given.ends === 0 ? t("level.given", { by: given.by, level: speech.name(given.level) }) : t("level.given_until", { by: given.by, level: speech.name(given.level), day: day(given.ends) })}</small>;
  if (rows.length === 0) return <>{member.level === null ? "—" : speech.name(member.level)}</>;
  const last = ends.trim() === "" ? null : readDay(ends);
  const save = async () => {
    if (asked === null) return;
    const answer = await give.say({ member: member.id, level: asked.code, ends: last });
    if (answer !== null) setAsked(null);
  };
  return (
    <Space direction="vertical" size={0}>
      <Select
        aria-label={t("member.level")}
        value={member.level?.code ?? null}
        loading={give.busy}
        popupMatchSelectWidth={false}
        onChange={(code: string | null) => setAsked(rows.find((row) => row.code === code) ?? null)}
        options={rows.map((row) => ({ value: row.code, label: speech.name(row) }))}
      />
      {by}
      {asked === null ? null : (
        <Modal
          open
          title={t("level.ask", { name: member.name, level: speech.name(asked) })}
          okText={t("confirm.do")}
          cancelText={t("cancel")}
          confirmLoading={give.busy}
          okButtonProps={{ disabled: ends.trim() !== "" && last === null }}
          onCancel={() => setAsked(null)}
          onOk={() => void save()}
        >
          <label>
            {t("level.ends")}
            <Input placeholder="2026-12-31" maxLength={10} value={ends} onChange={(event) => setEnds(event.target.value)} />
          </label>
        </Modal>
      )}
    </Space>
  );
}

/** Whether the member has a payment PIN; a new one. */
export function Pin({ member }: { member: Schemas["Member"] }) {
  const { t } = useWords();
  const { message } = App.useApp();
  const [pin, setPin] = useState<string | null>(null);
  const set = useCommand("member_pin", STALE);
  const save = async () => {
    if (pin === null || (await set.say({ member: member.id, pin })) === null) return;
    setPin(null);
    void message.success(t("pin.saved"));
  };
  return (
    <Space>
      {t(member.pin_set ? "pin.set" : "pin.none")}
      <Button onClick={() => setPin("")}>{t("pin.new")}</Button>
      <Modal open={pin !== null} title={t("pin.new")} okText={t("save")} cancelText={t("cancel")} confirmLoading={set.busy} onOk={() => void save()} onCancel={() => setPin(null)} destroyOnHidden>
        <p>{t("pin.text")}</p>
        <Input.Password aria-label={t("pin.new")} autoComplete="off" inputMode="numeric" maxLength={6} value={pin ?? ""} onChange={(event) => setPin(event.target.value)} />
      </Modal>
    </Space>
  );
}

/** Card numbers, lost ones marked; report lost, or lift it. */
export function Cards({ member }: { member: Schemas["Member"] }) {
  const { t } = useWords();
  const [lost, setLost] = useState<string | null>(null);
  const [reason, setReason] = useState("");
  const block = useCommand("card_block", STALE);
  const lift = useCommand("card_unblock", STALE);
  const save = async () => {
    if (lost !== null && (await block.say({ number: lost, reason: reason.trim() })) !== null) setLost(null);
  };
  if (member.cards.length === 0) return <p className="soft">{t("cards.none")}</p>;
  return (
    <ul className="cards">
      {member.cards.map((number) => {
        const blocked = member.blocked.find((one) => one.number === number);
        return (
          <li key={number}>
            <span className="figure">{number}</span>
            {blocked === undefined ? (
              <Button danger onClick={() => setLost(number)}>
                {t("card.block")}
              </Button>
            ) : (
              <>
                <Tag color="error">{t("card.blocked", { at: dayClock(blocked.since_ms) })}</Tag>
                <span className="soft">{blocked.reason}</span>
                <Button loading={lift.busy} onClick={() => void lift.say({ number })}>
                  {t("card.lift")}
                </Button>
              </>
            )}
          </li>
        );
      })}
      <Modal open={lost !== null} title={t("card.ask", { number: lost ?? "" })} okText={t("card.block")} okButtonProps={{ danger: true }} cancelText={t("cancel")} confirmLoading={block.busy} onOk={() => void save()} onCancel={() => setLost(null)} destroyOnHidden>
        <p>{t("card.text")}</p>
        <Input aria-label={t("field.reason")} placeholder={t("field.reason")} maxLength={80} value={reason} onChange={(event) => setReason(event.target.value)} />
      </Modal>
    </ul>
  );
}

/** Erases what is known of a member, on request: what is still owed is shown before it is confirmed. */
export function EraseMember({ member, onGone }: { member: Schemas["Member"]; onGone: () => void }) {
  const { t } = useWords();
  const { message } = App.useApp();
  const [why, setWhy] = useState<string | null>(null);
  const erase = useCommand("erase_member", STALE);
  const owed = member.value.total;
  const save = async () => {
    if (why === null || (await erase.say({ member: member.id, why: why.trim(), confirmed: true })) === null) return;
    setWhy(null);
    void message.success(t("erase.done"));
    onGone();
  };
  return (
    <>
      <Button danger onClick={() => setWhy("")}>
        {t("erase.do")}
      </Button>
      <Modal open={why !== null} title={t("erase.ask", { name: member.name })} okText={t("erase.do")} okButtonProps={{ danger: true, disabled: why?.trim() === "" }} cancelText={t("cancel")} confirmLoading={erase.busy} onOk={() => void save()} onCancel={() => setWhy(null)} destroyOnHidden>
        <p>{t("erase.means")}</p>
        {owed === 0 ? null : <p className="bad-text">{t("erase.owed", { value: yuan(owed) })}</p>}
        <Input.TextArea autoFocus aria-label={t("erase.why")} placeholder={t("erase.why")} maxLength={200} autoSize={{ minRows: 2 }} value={why ?? ""} onChange={(event) => setWhy(event.target.value)} />
      </Modal>
    </>
  );
}

/** Whether the member wants short messages: asked, and noted. */
export function Contact({ member }: { member: Schemas["Member"] }) {
  const { t } = useWords();
  const choose = useCommand("member_contact", ["/api/members/{id}"]);
  const said = member.sms_wanted === null ? "unsaid" : member.sms_wanted ? "yes" : "no";
  return (
    <Select
      size="small"
      aria-label={t("message.wanted")}
      value={said}
      loading={choose.busy}
      options={(["unsaid", "yes", "no"] as const).map((value) => ({ value, label: t(`message.wanted.${value}`), disabled: value === "unsaid" }))}
      onChange={(value) => void choose.say({ member: member.id, channel: "sms", wanted: value === "yes" })}
    />
  );
}
