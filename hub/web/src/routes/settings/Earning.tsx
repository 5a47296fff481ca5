import { Input, Select } from "antd";
import { useState } from "react";
import { useWords } from "../../words";
import { EARNINGS, type Earning as What, earningKey, ofOne } from "./setting";

/** For what a commission is paid, and from which day on: what stands behind the colon of its key. */
export function Earning({ onTail }: { onTail: (tail: string) => void }) {
  const { t } = useWords();
  const [what, setWhat] = useState<What>("sale");
  const [code, setCode] = useState("");
  const [from, setFrom] = useState("");
  const told = (what: What, code: string, from: string) => {
    setWhat(what);
    setCode(code);
    setFrom(from);
    onTail(earningKey(what, code, from));
  };
  return (
    <>
      <Select aria-label={t("setting.tail.commission")} value={what} options={EARNINGS.map((value) => ({ value, label: t(`setting.earning.${value}`, { code: "" }) }))} onChange={(value) => told(value, "", from)} />
      {ofOne(what) ? <Input aria-label={t(`setting.earning.code.${what}`)} placeholder={t(`setting.earning.code.${what}`)} maxLength={16} value={code} onChange={(event) => told(what, event.target.value.trim(), from)} /> : null}
      <Input type="date" aria-label={t("setting.earning.from")} value={from} onChange={(event) => told(what, code, event.target.value)} />
    </>
  );
}
