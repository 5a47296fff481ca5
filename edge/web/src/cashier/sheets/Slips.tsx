import { deviceName, stateText, what } from "@catena/web/devices.ts";
import { Key } from "@catena/web/kit/Key.tsx";
import { dayClock } from "@catena/web/when.ts";
import { useEffect, useState } from "react";
import { edge, type Schemas } from "../../api";
import { useWords } from "../../words";
import { failed, run } from "../actions";
import { useDigits } from "./useKey";

type Printer = Pick<Schemas["DeviceState"], "id" | "kind" | "name" | "state" | "what">;

/** Slips that did not come out: print on any printer of the shop, or drop. Where it is `keyed` a digit sends the oldest one to the
 * printer of that number. `version` rises when the list may be another. */
export function Slips({ devices, version, keyed = false, onChanged }: { devices: Printer[]; version: number; keyed?: boolean; onChanged: () => void }) {
  const speech = useWords();
  const { t } = speech;
  const [slips, setSlips] = useState<Schemas["Slip"][]>([]);
  useEffect(() => {
    edge.read("/api/slips").then((answer) => setSlips(answer.slips), failed);
  }, [version]);
  const print = async (slip: Schemas["Slip"] | undefined, device: Printer | undefined) => {
    if (slip === undefined || device === undefined) return;
    if ((await run("slip_print", { slip: slip.slip, device: device.id })) !== null) onChanged();
  };
  const drop = async (dropped: readonly Schemas["Slip"][]) => {
    for (const slip of dropped) if ((await run("slip_drop", { slip: slip.slip, device: null })) === null) break;
    onChanged();
  };
  useDigits(keyed ? devices.length : 0, (index) => void print(slips[0], devices[index]));
  if (slips.length === 0) return <p className="soft">{t("slips.none")}</p>;
  return (
    <>
      <table className="slips">
        <tbody>
          {slips.map((slip, at) => (
            <tr key={slip.slip}>
              <td>
                <span className="figure">
                  {dayClock(slip.at_ms)} {slip.receipt_no ?? ""}
                </span>{" "}
                {slip.till === null ? "" : t("bar.till", { n: slip.till })}
                <br />
                {t(`slips.${slip.state}`)} {slip.what === null ? "" : `· ${what(speech, slip.what)}`} {slip.tries > 0 ? `· ${t("slips.tries", { n: slip.tries })}` : ""}
              </td>
              <td>
                <div className="actions">
                  {devices.map((device, index) => (
                    <Key key={device.id} kbd={keyed && at === 0 ? String(index + 1) : null} onClick={() => void print(slip, device)}>
                      {t("slips.print_on")} {deviceName(speech, device)}
                      {device.state === "ok" ? "" : ` (${stateText(speech, device)})`}
                    </Key>
                  ))}
                  <Key className="danger" onClick={() => void drop([slip])}>
                    {t("slips.drop")}
                  </Key>
                </div>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {slips.length < 2 ? null : (
        <div className="actions">
          <Key className="danger" onClick={() => void drop(slips)}>
            {t("slips.drop_all", { n: slips.length })}
          </Key>
        </div>
      )}
    </>
  );
}
