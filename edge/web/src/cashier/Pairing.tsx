import { Refused } from "@catena/web/client.ts";
import { speak } from "@catena/web/i18n.ts";
import { Field } from "@catena/web/kit/Field.tsx";
import { Key } from "@catena/web/kit/Key.tsx";
import { type FormEvent, useState } from "react";
import { edge } from "../api";
import { useWords } from "../words";
import { sentence } from "../words/refusal";
import { failed, loadAll, showTill } from "./actions";
import { LanguageKey } from "./LanguageKey";
import { state } from "./state";

/** A browser of the shop's network that is no till yet: it asks for the code that a technician reads out. */
export function Pairing() {
  const speech = useWords();
  const { t } = speech;
  const [code, setCode] = useState("");
  const [refused, setRefused] = useState<Refused | null>(null);
  const pair = async (event: FormEvent) => {
    event.preventDefault();
    try {
      showTill(await edge.post("/api/session/pair", { code }));
      state.set({ unpaired: false });
      void loadAll();
    } catch (failure) {
      if (!(failure instanceof Refused)) return failed(failure);
      setRefused(failure);
      setCode("");
    }
  };
  return (
    <div className="page">
      <main className="sign-in">
        <section className="card pairing">
          <h1>{t("pair.title")}</h1>
          <p>{t("pair.text")}</p>
          <form onSubmit={(event) => void pair(event)}>
            <Field label={t("pair.code")} name="code" inputMode="numeric" value={code} first autoFocus maxLength={11} onText={setCode} />
            <p className="wrong" role="alert">
              {refused === null ? "" : sentence(speech, refused.code, refused.args)}
            </p>
            <Key type="submit" className="main" disabled={code === ""}>
              {t("pair.do")}
            </Key>
          </form>
          <p className="soft">
            {t("pair.trust")} <a href="/api/lan/authority.crt">{t("pair.certificate")}</a>
          </p>
          <LanguageKey change={speak} />
        </section>
      </main>
    </div>
  );
}
