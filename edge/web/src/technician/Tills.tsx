import { Key } from "@catena/web/kit/Key.tsx";
import { clock, dayClock } from "@catena/web/when.ts";
import { useCallback, useEffect, useState } from "react";
import { edge, type Schemas } from "../api";
import { failed, run } from "../cashier/actions";
import { useTechnicianWords } from "../words/technician";

/** Tills of the shop's network: where they find this box, which there are, a code for another, an end to one. */
export function Tills({ version }: { version: number }) {
  const { t } = useTechnicianWords();
  const [known, setKnown] = useState<Schemas["LanTills"] | null>(null);
  const [till, setTill] = useState("2");
  const [code, setCode] = useState<(Schemas["PairingCode"] & { till: number }) | null>(null);
  const load = useCallback(() => void edge.read("/api/tills").then(setKnown, failed), []);
  useEffect(load, [load, version]);
  if (known === null) return null;
  const { lan, tills } = known;
  const offer = async () => {
    const answer = await run("pairing_code", { till: Number(till) });
    setCode(answer === null ? null : { ...answer, till: Number(till) });
  };
  const end = async (pairing: string) => {
    await run("unpair", { pairing });
    load();
  };
  return (
    <section aria-label={t("tills.title")} className="tills">
      <h2>{t("tills.title")}</h2>
      {lan === null ? <p className="soft">{t("tills.none")}</p> : <Address lan={lan} />}
      {lan === null ? null : (
        <form
          className="actions"
          onSubmit={(event) => {
            event.preventDefault();
            void offer();
          }}
        >
          <label>
            {t("tills.number")} <input name="till" type="number" min={1} max={99} value={till} onChange={(event) => setTill(event.target.value)} />
          </label>
          <Key type="submit">{t("tills.pair")}</Key>
        </form>
      )}
      {code === null || tills.some((one) => one.till === code.till && one.since_ms >= code.from_ms) ? null : (
        <p role="status">
          {t("tills.code", { till: code.till, at: clock(code.until_ms) })} <b className="code figure">{`${code.code.slice(0, 4)} ${code.code.slice(4)}`}</b>
        </p>
      )}
      {tills.length === 0 ? null : (
        <table>
          <thead>
            <tr>
              <th>{t("tills.number")}</th>
              <th>{t("tills.since")}</th>
              <th>{t("tills.by")}</th>
              <th>{t("tills.seen")}</th>
              <th />
            </tr>
          </thead>
          <tbody>
            {tills.map((one) => (
              <tr key={one.id}>
                <td className="figure">{one.till}</td>
                <td>{dayClock(one.since_ms)}</td>
                <td>{one.by.name}</td>
                <td>{one.seen_ms === null ? t("tills.not_seen") : dayClock(one.seen_ms)}</td>
                <td>
                  <Key className="danger" onClick={() => void end(one.id)}>
                    {t("tills.end")}
                  </Key>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </section>
  );
}

function Address({ lan }: { lan: Schemas["LanAddress"] }) {
  const { t } = useTechnicianWords();
  return (
    <>
      <p>
        {t("tills.open")} <code>{lan.address}</code>
        {lan.named ? null : <span className="todo"> {t("tills.unnamed")}</span>}
      </p>
      {lan.numbers.length === 0 ? null : (
        <p className="soft">
          {t("tills.numbers")} <code>{lan.numbers.join("  ")}</code>
        </p>
      )}
      <p className="soft path">
        {t("tills.fingerprint")} <code>{lan.fingerprint}</code>
      </p>
    </>
  );
}
