import { Key } from "@catena/web/kit/Key.tsx";
import { dayClock } from "@catena/web/when.ts";
import { useEffect, useState } from "react";
import { edge, type Schemas } from "../api";
import { failed, run } from "../cashier/actions";
import { deviceName, what } from "../cashier/devices";
import { useTechnicianWords } from "../words/technician";

/** Slips that did not come out: print on any printer of the shop, or drop. `version` rises when the list may be another. */
export function Slips({ devices, version, onChanged }: { devices: Schemas["Device"][]; version: number; onChanged: () => void }) {
  const speech = useTechnicianWords();
  const { t } = speech;
  const [slips, setSlips] = useState<Schemas["Slip"][]>([]);
  useEffect(() => {
    edge.read("/api/slips").then((answer) => setSlips(answer.slips), failed);
  }, [version]);
  const done = (answer: unknown) => {
    if (answer !== null) onChanged();
  };
  return (
    <section aria-label={t("tech.slips")}>
      <h2>{t("tech.slips")}</h2>
      {slips.length === 0 ? (
        <p className="soft">{t("tech.no_slips")}</p>
      ) : (
        <table>
          <tbody>
            {slips.map((slip) => (
              <tr key={slip.slip}>
                <td className="figure">{dayClock(slip.at_ms)}</td>
                <td className="figure">{slip.receipt_no ?? ""}</td>
                <td>
                  {t(`tech.${slip.state}`)} {slip.what === null ? "" : `· ${what(speech, slip.what)}`} · {t("tech.tries", { n: slip.tries })}
                </td>
                <td>
                  <div className="actions">
                    {devices.map((device) => (
                      <Key key={device.id} onClick={() => void run("slip_print", { slip: slip.slip, device: device.id }).then(done)}>
                        {t("tech.elsewhere")} {deviceName(speech, device)}
                      </Key>
                    ))}
                    <Key className="danger" onClick={() => void run("slip_drop", { slip: slip.slip }).then(done)}>
                      {t("tech.drop")}
                    </Key>
                  </div>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </section>
  );
}
