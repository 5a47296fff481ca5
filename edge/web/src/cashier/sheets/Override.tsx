import { Field } from "@catena/web/kit/Field.tsx";
import { Key } from "@catena/web/kit/Key.tsx";
import { type FormEvent, useState } from "react";
import { useWords } from "../../words";
import { rateOrMoney, right } from "../../words/refusal";
import { Notice } from "../Notice";
import { type Panel, state } from "../state";
import { close } from "../actions";

/** Refusals that are about the supervisor: the sheet stays for another try. */
const OF_SUPERVISOR = new Set(["wrong_pin", "pin_locked", "unknown_staff", "forbidden", "staff_disabled", "not_here"]);

/** A supervisor allows one command on the spot, with staff number and PIN; the cashier stays signed in. */
export function Override({ panel }: { panel: Extract<Panel, { kind: "override" }> }) {
  const speech = useWords();
  const { t, language } = speech;
  const [code, setCode] = useState("");
  const [pin, setPin] = useState("");
  const { args } = panel.refused;
  const asked = String(args["right"] ?? "");
  const save = async (event: FormEvent) => {
    event.preventDefault();
    if (code === "" || pin === "") {
      (event.currentTarget as HTMLFormElement).querySelector<HTMLInputElement>(code === "" ? "[name=code]" : "[name=pin]")?.focus();
      return;
    }
    const answer = await panel.again({ code, pin });
    setPin("");
    const refused = state.get().notice?.code;
    // Allowed, and done or refused for another reason: the supervisor's part is over.
    const over = answer !== null || (refused !== undefined && !OF_SUPERVISOR.has(refused));
    if (over && state.get().panel === panel) close();
  };
  return (
    <form className="ask" onSubmit={(event) => void save(event)}>
      <p>
        <b>{t("override.why", { right: right(speech, asked) })}</b>
      </p>
      {args["limit"] == null ? null : (
        <p>{t("override.limit", { limit: rateOrMoney(args["limit"], asked, language), asked: rateOrMoney(args["asked"], asked, language) })}</p>
      )}
      <div className="pair">
        <Field label={t("override.code")} name="code" first maxLength={20} value={code} onText={setCode} />
        <Field label={t("override.pin")} name="pin" type="password" inputMode="numeric" maxLength={12} value={pin} onText={setPin} />
      </div>
      <Key type="submit" className="main">
        {t("override.allow")}
      </Key>
      <Notice />
    </form>
  );
}
