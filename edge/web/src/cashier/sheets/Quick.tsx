import { Field } from "@catena/web/kit/Field.tsx";
import { Key } from "@catena/web/kit/Key.tsx";
import { readFen } from "@catena/web/money.ts";
import { useState } from "react";
import type { Schemas } from "../../api";
import { useWords } from "../../words";
import { close, run } from "../actions";
import { What, Who } from "../MemberStrip";
import { Notice } from "../Notice";
import { useSession, useTill } from "../state";
import { keyName, press, tenderKey } from "../tender";
import { useKey } from "./useKey";

/** Quick consumption: an amount and a tender key, nothing else; the member's discount and points as on any bill. */
export function Quick() {
  const { t, name } = useWords();
  const member = useTill((now) => now.bill?.member ?? null);
  const tenders = useSession()?.settings.tenders ?? [];
  const [text, setText] = useState("");
  const amount = readFen(text);
  const take = async (kind: Schemas["TenderKind"]) => {
    if (amount === null || amount === 0) return;
    if ((await run("open_item", { amount, name: t("quick.line"), quantity: null })) === null) return;
    close();
    press(kind);
  };
  useKey((event) => {
    const kind = tenders.find((one, place) => tenderKey(one, place) === keyName(event));
    if (kind === undefined) return;
    event.preventDefault();
    void take(kind);
  });
  return (
    <form className="ask" onSubmit={(event) => event.preventDefault()}>
      {member === null ? (
        <p className="soft">{t("member.none")}</p>
      ) : (
        <>
          <Who member={member} />
          <What member={member} />
        </>
      )}
      <Field label={t("open_item.amount")} first className="big figure" inputMode="decimal" maxLength={10} value={text} onText={setText} />
      <div className="actions">
        {tenders.map((kind, place) => (
          <Key key={kind.code} data-tender={kind.code} className="main" kbd={tenderKey(kind, place)} disabled={amount === null || amount === 0 || (kind.kind === "value" && member === null)} onClick={() => void take(kind)}>
            {name(kind)}
          </Key>
        ))}
      </div>
      <Notice />
    </form>
  );
}
