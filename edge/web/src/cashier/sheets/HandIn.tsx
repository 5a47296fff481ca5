import { Field } from "@catena/web/kit/Field.tsx";
import { Key } from "@catena/web/kit/Key.tsx";
import { readFen } from "@catena/web/money.ts";
import { type FormEvent, useState } from "react";
import type { Schemas } from "../../api";
import { useWords } from "../../words";
import { run } from "../actions";

/** Cash that is handed in while the shift goes on, with a slip that both sign. */
export function HandIn({ onChange }: { onChange: (shift: Schemas["Shift"]) => void }) {
  const { t } = useWords();
  const [amount, setAmount] = useState("");
  const [note, setNote] = useState("");
  const cash = readFen(amount) ?? 0;
  const save = async (event: FormEvent) => {
    event.preventDefault();
    const answer = await run("hand_in", { amount: cash, note: note.trim() });
    if (answer === null) return;
    setAmount("");
    setNote("");
    if (answer.shift !== null) onChange(answer.shift);
  };
  return (
    <fieldset>
      <legend>{t("shift.hand_in")}</legend>
      <form data-act="hand_in" onSubmit={(event) => void save(event)}>
        <div className="pair">
          <Field label={t("shift.amount")} className="figure" inputMode="decimal" maxLength={10} value={amount} onText={setAmount} />
          <Field label={t("shift.hand_in_note")} maxLength={40} value={note} onText={setNote} />
        </div>
        <div className="actions">
          <Key type="submit" disabled={cash <= 0}>
            {t("shift.do_hand_in")}
          </Key>
        </div>
      </form>
    </fieldset>
  );
}
