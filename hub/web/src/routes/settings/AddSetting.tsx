import { readFen } from "@catena/web/money.ts";
import { Input, Modal, Radio, Select } from "antd";
import { useState } from "react";
import { useWords } from "../../words";
import { Earning } from "./Earning";
import { ADDED, DAYS, dayOf, type Setting } from "./setting";

type Kind = keyof typeof ADDED;
const KINDS = Object.keys(ADDED) as Kind[];

/** Which setting to add: another tender, tier, member day, commission or prefix. Its value is asked for next. */
export function AddSetting({ open, onClose }: { open: boolean; onClose: (setting: Setting | null) => void }) {
  const speech = useWords();
  const { t } = speech;
  const [kind, setKind] = useState<Kind>("tender");
  const [typed, setTyped] = useState("");
  const tail = kind === "tier" ? (readFen(typed)?.toString() ?? "") : typed.trim();
  const { group, tail: fits, holds } = ADDED[kind];
  const setting: Setting = { group, key: `${kind}:${tail}`, value: null, default: null, holds: holds as Setting["holds"] };
  const close = (made: Setting | null) => {
    setTyped("");
    onClose(made);
  };
  return (
    <Modal open={open} title={t("setting.add")} okText={t("setting.next")} cancelText={t("cancel")} okButtonProps={{ disabled: !fits.test(tail) }} onOk={() => close(setting)} onCancel={() => close(null)} destroyOnHidden>
      <Radio.Group
        className="upright"
        aria-label={t("setting.add")}
        value={kind}
        options={KINDS.map((value) => ({ value, label: t(`setting.add.${value}`) }))}
        onChange={(event) => {
          setKind(event.target.value as Kind);
          setTyped("");
        }}
      />
      {kind === "commission" ? (
        <Earning onTail={setTyped} />
      ) : kind === "member_day" ? (
        <Select aria-label={t("setting.tail.member_day")} placeholder={t("setting.tail.member_day")} value={typed === "" ? null : typed} options={DAYS.map((value) => ({ value, label: dayOf(speech, value) }))} onChange={setTyped} />
      ) : (
        <Input aria-label={t(`setting.tail.${kind}`)} placeholder={t(`setting.tail.${kind}`)} prefix={kind === "tier" ? "¥" : undefined} maxLength={16} value={typed} onChange={(event) => setTyped(event.target.value)} />
      )}
    </Modal>
  );
}
