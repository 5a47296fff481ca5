import { Button, Input, Modal, Radio } from "antd";
import { useState } from "react";
import { useCommand } from "../../kit/useCommand";
import { useWords } from "../../words";
import { rangeOf, readNumber, readTender, type Setting, titleOf, typedNumber, unitOf, valueOf, wordOf, writeTender } from "./setting";

/** One setting in its own unit; `setting` null = closed. */
export function SettingForm({ setting, onClose }: { setting: Setting | null; onClose: () => void }) {
  const speech = useWords();
  const { t } = speech;
  const [value, setValue] = useState<string | null>(setting?.value ?? setting?.default ?? (setting?.holds.kind === "yes" ? "0" : ""));
  const write = useCommand("setting_write", ["/api/settings"]);
  if (setting === null) return null;
  const say = async (to: string | null) => {
    if ((await write.say({ group: setting.group, key: setting.key, value: to })) !== null) onClose();
  };
  const added = setting.key.includes(":");
  const footer = (
    <>
      {setting.value === null ? null : (
        <Button danger={added} className="apart" loading={write.busy} onClick={() => void say(null)}>
          {added ? t("setting.remove") : t("setting.restore", { value: valueOf(speech, setting, setting.default) })}
        </Button>
      )}
      <Button onClick={onClose}>{t("cancel")}</Button>
      <Button type="primary" disabled={value === null || value === ""} loading={write.busy} onClick={() => void say(value)}>
        {t("save")}
      </Button>
    </>
  );
  return (
    <Modal open title={titleOf(speech, setting.key)} footer={footer} onCancel={onClose}>
      <Field setting={setting} value={value ?? ""} onChange={setValue} />
      <p className="soft">{rangeOf(speech, setting)}</p>
      <p className="soft entry">{t("setting.of", { group: setting.group, key: setting.key })}</p>
    </Modal>
  );
}

interface FieldProps {
  setting: Setting;
  value: string;
  /** null: what is typed is no value. */
  onChange: (value: string | null) => void;
}

function Field({ setting, value, onChange }: FieldProps) {
  const speech = useWords();
  const { t } = speech;
  const { key, holds } = setting;
  const choice = (options: { value: string; label: string }[]) => <Radio.Group className="upright" aria-label={titleOf(speech, key)} value={value} options={options} onChange={(event) => onChange(String(event.target.value))} />;
  if (holds.kind === "word") return choice(holds.words.map((word) => ({ value: word, label: wordOf(speech, key, word) })));
  if (holds.kind === "yes") return choice([{ value: "1", label: t("yes") }, { value: "0", label: t("no") }]);
  if (holds.kind === "number") return <NumberField setting={setting} first={value} onChange={onChange} />;
  if (key.startsWith("tender:")) return <TenderField value={value} onChange={onChange} />;
  return <Input autoFocus aria-label={titleOf(speech, key)} maxLength={holds.most} value={value} onChange={(event) => onChange(event.target.value)} />;
}

function NumberField({ setting, first, onChange }: { setting: Setting; first: string; onChange: (value: string | null) => void }) {
  const speech = useWords();
  const unit = unitOf(setting.key);
  const [typed, setTyped] = useState(typedNumber(unit, first));
  const wrong = typed !== "" && readNumber(unit, typed) === null;
  return (
    <Input
      autoFocus
      aria-label={titleOf(speech, setting.key)}
      inputMode="decimal"
      maxLength={14}
      prefix={unit === "money" ? "¥" : undefined}
      suffix={unit === "money" ? undefined : speech.t(`unit.${unit}`)}
      {...(wrong ? { status: "error" as const } : {})}
      value={typed}
      onChange={(event) => {
        setTyped(event.target.value);
        onChange(readNumber(unit, event.target.value));
      }}
    />
  );
}

function TenderField({ value, onChange }: { value: string; onChange: (value: string | null) => void }) {
  const { t } = useWords();
  const tender = readTender(value);
  return (
    <div className="stacked">
      {(["name", "name_en", "order"] as const).map((part) => (
        <label key={part}>
          {t(part === "order" ? "setting.order" : `field.${part}`)}
          <Input maxLength={part === "order" ? 3 : 20} value={tender[part]} onChange={(event) => onChange(writeTender({ ...tender, [part]: event.target.value }))} />
        </label>
      ))}
    </div>
  );
}
