import { Key } from "@catena/web/kit/Key.tsx";
import { dayClock } from "@catena/web/when.ts";
import { useEffect, useState } from "react";
import { edge, type Schemas } from "../../api";
import { failed, run } from "../actions";
import { deviceName, what } from "../devices";
import { useWords } from "../../words";

/** Slips that did not come out: print on any printer of the shop, or drop. `version` rises when the list may be another. */
export function Slips({ devices, version, onChanged }: { devices: { id: string; kind: string; name: string }[]; version: number; onChanged: () => void }) {
  const speech = useWords();
  const { t } = speech;
  const [slips, setSlips] = useState<Schemas["Slip"][]>([]);
  useEffect(() => {
    edge.read("/api/slips").then((answer) => setSlips(answer.slips), failed);
  }, [version]);
  const done = (answer: unknown) => {
    if (answer !== null) onChanged();
  };
  return (
    <>
      {slips.length === 0 ? (
        <p className="soft">{t("slips.none")}</p>
      ) : (
        <table className="slips">
          <tbody>
            {slips.map((slip) => (
              <tr key={slip.slip}>
                <td className="figure">{dayClock(slip.at_ms)}</td>
                <td className="figure">{slip.receipt_no ?? ""}</td>
                <td>
                  {t(`slips.${slip.state}`)} {slip.what === null ? "" : `· ${what(speech, slip.what)}`} · {t("slips.tries", { n: slip.tries })}
                </td>
                <td>
                  <div className="actions">
                    {devices.map((device) => (
                      <Key key={device.id} onClick={() => void run("slip_print", { slip: slip.slip, device: device.id }).then(done)}>
                        {t("slips.print_on")} {deviceName(speech, device)}
                      </Key>
                    ))}
                    <Key className="danger" onClick={() => void run("slip_drop", { slip: slip.slip, device: null }).then(done)}>
                      {t("slips.drop")}
                    </Key>
                  </div>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </>
  );
}
